import { h, type ComponentChild } from 'preact'
import {
  contactWays,
  knowledgeBases,
  relations,
  stepsTaken,
  yesNoPreferNot,
  yesNoUnknown,
} from '../../tip/codes.ts'
import { askBox, askChoice, askLine, change } from './answer-fields.ts'
import { DateField } from './date-field.ts'
import { newStep, type StepDraft } from './draft.ts'
import { Checks, Radios, TextBox } from './fields.ts'
import type { MoreContext } from './form-context.ts'
import { UndoNotice } from './undo-notice.ts'

function Step(context: MoreContext, step: StepDraft): ComponentChild {
  const { texts, actions, messageFor } = context
  const id = `steps-${step.key}`
  const patch = (change: Partial<StepDraft>): void =>
    actions.act({ type: 'patch', list: 'steps', key: step.key, change })
  return h(
    'fieldset',
    { key: step.key, class: 'step' },
    h('legend', { class: 'label' }, texts.steps[step.action]),
    DateField(context, {
      id: `${id}-when`,
      label: texts.ask.stepWhen,
      value: step.when,
      onValue: (when) => patch({ when }),
    }),
    TextBox({
      id: `${id}-result`,
      label: texts.ask.stepResult,
      value: step.result,
      problem: messageFor(`${id}-result`),
      onValue: (result) => patch({ result }),
    }),
  )
}

export function StepsPart(context: MoreContext): ComponentChild[] {
  const { texts, draft, actions } = context
  const toggle = (action: StepDraft['action'], isOn: boolean): void => {
    if (isOn) return actions.act({ type: 'add', list: 'steps', item: newStep(action) })
    for (const step of draft.steps.filter((step) => step.action === action))
      actions.remove('steps', step.key)
  }
  return [
    Checks({
      id: 'steps',
      label: texts.ask.steps,
      codes: stepsTaken,
      labels: texts.steps,
      value: draft.steps.map(({ action }) => action),
      onToggle: toggle,
    }),
    UndoNotice(context, 'steps', ({ action }) => texts.steps[action]),
    ...draft.steps
      .filter(({ action }) => action !== 'none_unsafe')
      .map((step) => Step(context, step)),
    askChoice(context, 'public', yesNoUnknown, texts.yesNo),
  ]
}

export function SourcePart(context: MoreContext): ComponentChild[] {
  const { texts, draft } = context
  return [
    h('p', { class: 'hint' }, texts.hint.source),
    askChoice(context, 'relation', relations, texts.relations),
    askChoice(context, 'basis', knowledgeBases, texts.bases),
    askChoice(context, 'inside', yesNoPreferNot, texts.inside),
    Radios({
      id: 'contactWay',
      label: texts.ask.contact,
      codes: contactWays,
      labels: texts.contactWays,
      value: draft.contactWay,
      onValue: (contactWay) => change(context, { contactWay }),
    }),
    // A field with typed text is never hidden: the text would be sent without being seen.
    ...(draft.contactWay === 'other' || `${draft.contactText}${draft.safeTimes}` !== ''
      ? [askBox(context, 'contactText', texts.hint.contactText), askLine(context, 'safeTimes')]
      : []),
  ]
}
