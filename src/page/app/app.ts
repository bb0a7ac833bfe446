import { h, type ComponentChild } from 'preact'
import { answersOf, Frame } from '../view/frame.ts'
import { Safety } from '../view/safety.ts'
import { TorFacts } from '../view/tor-facts.ts'
import { languageAttributes } from '../view/wording.ts'
import { FormLanguage } from './form-language.ts'
import { FormView, Notice } from './form-view.ts'
import { formContext } from './form-context.ts'
import { formLanguageOf } from './speaking.ts'
import { isDemo, type Deferred, type DeferredView, type View } from './state.ts'

/** The way to the answers. It is followed without a request: nobody can see who goes there. */
const Returning = ({ state: { texts }, actions }: View): ComponentChild =>
  h(
    'p',
    { class: 'returning', ...languageAttributes(formLanguageOf(texts)) },
    h(
      'a',
      {
        id: 'returning',
        href: answersOf(texts.language),
        onClick: (event: Event) => {
          event.preventDefault()
          actions.openAnswers()
        },
      },
      texts.form.returning,
    ),
  )

function Screen(view: View): ComponentChild {
  const { screen, address, texts, followUp } = view.state
  const whole = deferredView(view)
  if (screen.at === 'form' && followUp !== null && whole !== null)
    return [h(whole.code.FollowUpPart, whole.view), h(FormView, view)]
  if (screen.at === 'form') {
    return [
      Returning(view),
      h(Safety, {
        texts,
        onWrite: () => view.actions.goTo('narrative'),
      }),
      h(TorFacts, { texts, facts: { address, isTorBrowser: null } }),
      h(FormLanguage, { texts, onChoose: view.actions.speak }),
      h(FormView, view),
      isCutOff(view.state) && h(Ways, view),
    ]
  }
  // Sending has started, so this code has been loaded.
  return whole && h(whole.code.AfterForm, { screen, view: whole.view })
}

/**
 * Browsers may forbid workers or requests, and the form cannot be sent there. A request that is
 * forbidden looks like one that Tor has lost.
 */
const isCutOff = ({ keyring, ways }: View['state']): boolean =>
  ways != null &&
  keyring.at === 'failed' &&
  (keyring.code === 'NOT_STARTED' || keyring.code === 'KEYRING_UNREACHABLE')

const Ways = ({ state: { ways } }: View): ComponentChild =>
  h('div', {
    id: 'ways',
    class: 'ways-below',
    ref: (place: Element | null) => {
      if (place !== null && ways != null) place.replaceChildren(ways)
    },
  })

/** Null until everything has been loaded. */
function deferredView(view: View): { code: Deferred['code']; view: DeferredView } | null {
  const { deferred } = view.state
  const { twoWay } = view.actions
  if (typeof deferred === 'string' || twoWay === null) return null
  const { code, texts, spoken } = deferred
  return { code, view: { ...view, texts, spoken, twoWay } }
}

/** The whole page, drawn from the state alone. */
export function App(view: View): ComponentChild {
  const { state, actions } = view
  const keyring = state.keyring.at === 'ready' ? state.keyring.keyring : null
  const isForm = state.screen.at === 'form'
  return h(
    Frame,
    {
      texts: state.texts,
      organisation: state.organisation,
      isDemo: isDemo(state),
      isScript: true,
      isAlone: state.address === 'none',
      keyring,
      onLanguage: (language) => actions.speak(language),
      onLeave: actions.leave,
    },
    Screen(view),
    isForm
      ? null
      : h(
          'div',
          languageAttributes(formLanguageOf(state.texts)),
          Notice(formContext(state, actions)),
        ),
    h(
      'p',
      {
        id: 'spoken',
        class: 'visually-hidden',
        role: 'status',
        ...languageAttributes(formLanguageOf(state.texts)),
      },
      state.spoken,
    ),
  )
}
