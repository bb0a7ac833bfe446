import { h, type ComponentChild } from 'preact'
import type { yesNoUnsure } from '../../tip/codes.ts'
import { DateField } from './date-field.ts'
import { type Answers, type PersonDraft, sentBackCodes } from './draft.ts'
import { type FieldFrame, Group, Radios, TextBox, TextLine } from './fields.ts'
import { Files } from './files.ts'
import { fill } from '../view/wording.ts'
import { glossOf, type FormContext } from './form-context.ts'
import { isEnough } from './problems.ts'
import { UndoNotice } from './undo-notice.ts'
import { plainDateChoices } from './vague-date.ts'

/** The short form, which takes about two minutes. */

// The codes are repeated here, because importing them would load all other codes before the first
// paint.
const heldCodes: typeof yesNoUnsure = ['yes', 'no', 'unsure']

const change = ({ actions }: FormContext, change: Partial<Answers>): void =>
  actions.act({ type: 'change', change })

export const personLabel = ({ texts }: FormContext, { name }: PersonDraft, index: number): string =>
  [fill(texts.ask.person, { n: index + 1 }), name.trim()].filter(Boolean).join(': ')

/**
 * The number of rows, which grows with the text. Firefox has no `field-sizing`, and measuring the
 * box would force a layout of the page at every keystroke.
 */
function rowsFor(narrative: string): number {
  const start = narrative.slice(0, 2_000)
  const rows = start.split('\n').length + start.length / 40
  return Math.min(24, Math.max(8, Math.ceil(rows)))
}

function PersonLine(context: FormContext, person: PersonDraft, index: number): ComponentChild {
  const { texts, draft, actions, messageFor } = context
  const id = `persons-${person.key}`
  const patch = (change: Partial<PersonDraft>): void =>
    actions.act({ type: 'patch', list: 'persons', key: person.key, change })
  return h(
    'div',
    {
      key: person.key,
      class: 'person-line',
      role: 'group',
      'aria-label': personLabel(context, person, index),
    },
    TextLine({
      id: `${id}-name`,
      name: 'names',
      label: texts.ask.name,
      gloss: glossOf(context, 'name'),
      value: person.name,
      problem: messageFor(`${id}-name`),
      onValue: (name) => patch({ name }),
    }),
    TextLine({
      id: `${id}-age`,
      name: 'ages',
      label: texts.ask.age,
      gloss: glossOf(context, 'age'),
      value: person.age,
      problem: messageFor(`${id}-age`),
      onValue: (age) => patch({ age }),
    }),
    draft.persons.length > 1 &&
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: `${id}-remove`,
          'aria-label': `${texts.remove}: ${personLabel(context, person, index)}`,
          onClick: () => actions.remove('persons', person.key),
        },
        texts.remove,
      ),
  )
}

const Persons = (context: FormContext): ComponentChild => {
  const { texts, draft, actions } = context
  return Group(
    {
      id: 'who',
      label: texts.ask.who,
      hint: texts.hint.who,
      gloss: glossOf(context, 'who', 'whoHint'),
    },
    draft.persons.map((person, index) => PersonLine(context, person, index)),
    UndoNotice(context, 'persons', ({ name }) => name.trim() || texts.ask.name),
    h(
      'button',
      {
        type: 'button',
        class: 'button button-quiet',
        id: 'add-person',
        onClick: () => actions.addBlank('persons'),
      },
      texts.add.person,
    ),
  )
}

const WhenHappened = (context: FormContext): ComponentChild => {
  const { texts, draft, messageFor } = context
  return Group(
    {
      id: 'when-group',
      label: texts.ask.when,
      hint: texts.hint.when,
      gloss: glossOf(context, 'when', 'whenHint'),
    },
    TextLine({
      id: 'when',
      label: texts.ask.when,
      isLabelUnseen: true,
      value: draft.when,
      problem: messageFor('when'),
      onValue: (when) => change(context, { when }),
    }),
    DateField(context, {
      id: 'whenDate',
      label: texts.ask.whenDate,
      value: draft.whenDate,
      onValue: (whenDate) => change(context, { whenDate }),
    }),
  )
}

/** The day of a feared return, asked only of those who fear one. */
const ReturnDay = (context: FormContext): ComponentChild => {
  const { texts, draft } = context
  if (draft.sentBack !== 'soon' && draft.sentBack !== 'yes') return null
  return DateField(context, {
    id: 'returnWhen',
    label: texts.ask.returnWhen,
    value: draft.returnWhen,
    choices: plainDateChoices,
    onValue: (returnWhen) => change(context, { returnWhen }),
  })
}

/** A follow-up asks for more, and for nothing if it says something already. */
function narrativeWords(
  context: FormContext,
): Pick<FieldFrame, 'label' | 'hint' | 'required' | 'gloss'> {
  const { texts, draft, state } = context
  const { followUp, deferred } = state
  const { required } = texts
  if (followUp === null || typeof deferred === 'string')
    return {
      label: texts.ask.narrative,
      hint: texts.hint.narrative,
      gloss: glossOf(context, 'narrative', 'narrativeHint'),
      required,
    }
  const { narrative: label, mayBeEmpty } = deferred.spoken.answers.followUp
  return isEnough(draft, followUp)
    ? { label, hint: mayBeEmpty }
    : { label, hint: texts.hint.narrative, required }
}

export function ShortForm(context: FormContext): ComponentChild[] {
  const { texts, draft, messageFor } = context
  return [
    TextBox({
      id: 'narrative',
      ...narrativeWords(context),
      value: draft.narrative,
      problem: messageFor('narrative'),
      rows: rowsFor(draft.narrative),
      onValue: (narrative) => change(context, { narrative }),
    }),
    Persons(context),
    WhenHappened(context),
    TextLine({
      id: 'where',
      label: texts.ask.where,
      gloss: glossOf(context, 'where', 'whereHint'),
      hint: texts.hint.where,
      value: draft.where,
      problem: messageFor('where'),
      onValue: (where) => change(context, { where }),
    }),
    Radios({
      id: 'stillHeld',
      label: texts.ask.stillHeld,
      codes: heldCodes,
      labels: texts.stillHeld,
      value: draft.stillHeld,
      onValue: (stillHeld) => change(context, { stillHeld }),
    }),
    Radios({
      id: 'sentBack',
      label: texts.ask.sentBack,
      gloss: glossOf(context, 'sentBack'),
      codes: sentBackCodes,
      labels: texts.sentBack,
      value: draft.sentBack,
      onValue: (sentBack) => change(context, { sentBack }),
    }),
    ReturnDay(context),
    Files(context),
  ]
}
