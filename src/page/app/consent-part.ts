import { h, type ComponentChild } from 'preact'
import { consentChoices } from '../../tip/consent-choice.ts'
import { canBeAnswered } from './can-be-answered.ts'
import { chooseConsent } from './consent-of.ts'
import type { Draft } from './draft.ts'
import { Gloss, Group } from './fields.ts'
import { glossOf, type FormContext } from './form-context.ts'
import type { AppState } from './state.ts'
import type { WordsTexts } from '../two-way-texts.ts'

/**
 * Whom staff may tell: four choices, none of them preselected, and a separate line for the UN. The
 * meaning of each is shown next to it.
 */
export function ConsentChoices(context: FormContext): ComponentChild {
  const {
    texts: { consent },
    state,
  } = context
  return Group(
    {
      id: 'consentChoice',
      label: consent.question,
      gloss: glossOf(context, 'consent'),
      problem: state.isAskingConsent ? unchosenText(state) : null,
      class: 'field consent-choices',
    },
    consentChoices.map((choice) => Choice(context, choice)),
    UnLine(context),
    h(
      'ul',
      { class: 'hint' },
      consent.always.map((line) => h('li', null, line)),
    ),
  )
}

type Change = Parameters<typeof chooseConsent>[1]

const choose = ({ draft, actions }: FormContext, change: Change): void =>
  actions.act({ type: 'change', change: chooseConsent(draft, change) })

function Choice(context: FormContext, choice: Exclude<Draft['consentChoice'], ''>): ComponentChild {
  const { texts, draft } = context
  const id = `consentChoice-${choice}`
  return h(
    'div',
    { class: 'explained' },
    h(
      'label',
      { class: 'choice', for: id },
      h('input', {
        type: 'radio',
        id,
        name: 'consentChoice',
        value: choice,
        checked: draft.consentChoice === choice,
        autocomplete: 'off',
        'aria-describedby': `${id}-hint`,
        onChange: () => choose(context, { consentChoice: choice }),
      }),
      h('span', null, texts.consent.choices[choice], Gloss(glossOf(context, choice), 'label')),
    ),
    h('p', { class: 'hint', id: `${id}-hint` }, hintFor(choice, context)),
  )
}

/** What is said while nobody can answer here; null where answers are possible. */
const unansweredTexts = (state: AppState): WordsTexts['unanswered'] | null =>
  typeof state.deferred === 'string' || canBeAnswered(state)
    ? null
    : state.deferred.spoken.words.unanswered

const hintFor = (
  choice: Exclude<Draft['consentChoice'], ''>,
  { texts: { consent }, state }: FormContext,
): string => (choice === 'ask_me' && unansweredTexts(state)?.ask_me) || consent.hints[choice]

/** What is said when Send is pressed without a choice. */
export const unchosenText = (state: AppState): string =>
  unansweredTexts(state)?.unchosen ?? state.texts.form.consent.unchosen

function UnLine(context: FormContext): ComponentChild {
  const { texts, draft } = context
  return h(
    'div',
    { class: 'explained un' },
    h(
      'label',
      { class: 'choice', for: 'consentUn' },
      h('input', {
        type: 'checkbox',
        id: 'consentUn',
        name: 'consentUn',
        checked: draft.isUnToo,
        autocomplete: 'off',
        'aria-describedby': 'consentUn-hint',
        onChange: (event: { currentTarget: { checked: boolean } }) =>
          choose(context, { isUnToo: event.currentTarget.checked }),
      }),
      h('span', null, texts.consent.un),
    ),
    h(
      'p',
      { class: 'hint', id: 'consentUn-hint' },
      texts.consent.unHint,
      Gloss(glossOf(context, 'unHint'), 'label'),
    ),
  )
}
