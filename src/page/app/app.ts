import { h, type ComponentChild } from 'preact'
import { Frame } from '../view/frame.ts'
import { Safety } from '../view/safety.ts'
import { TorFacts } from '../view/tor-facts.ts'
import { ForeignNote, languageAttributes } from '../view/wording.ts'
import { FormView, Notice } from './form-view.ts'
import { formContext } from './form-context.ts'
import { formLanguageOf } from './speaking.ts'
import { isDemo, type View } from './state.ts'

function Screen(view: View): ComponentChild {
  const { screen, address, texts, deferred } = view.state
  if (screen.at === 'form') {
    return [
      h(Safety, {
        texts,
        onWrite: () => view.actions.goTo('narrative'),
      }),
      h(TorFacts, { texts, facts: { address, isTorBrowser: null } }),
      h(ForeignNote, { texts, group: 'form' }),
      h(FormView, view),
    ]
  }
  // Sending has started, so this code has been loaded.
  return typeof deferred === 'string'
    ? null
    : h(deferred.code.AfterForm, {
        screen,
        view: { ...view, texts: deferred.texts, spoken: deferred.spoken },
      })
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
      onLanguage: actions.speak,
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
