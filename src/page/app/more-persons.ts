import { h, type ComponentChild } from 'preact'
import {
  ageReckonings,
  ageUnits,
  nameKinds,
  personStatuses,
  riskFlags,
  sexes,
} from '../../tip/codes.ts'
import { askNumber } from './answer-fields.ts'
import { DateField } from './date-field.ts'
import type { PersonDraft } from './draft.ts'
import { Checks, Choice, Group, TextBox, TextLine } from './fields.ts'
import type { MoreContext } from './form-context.ts'
import { personLabel } from './short-form.ts'
import { plainDateChoices } from './vague-date.ts'

interface PersonContext extends MoreContext {
  id: string
  person: PersonDraft
  patch: (change: Partial<PersonDraft>) => void
}

const Names = ({ texts, actions, id, person, messageFor }: PersonContext): ComponentChild[] => [
  ...person.otherNames.map(({ key, text, kind }) => {
    const nameId = `${id}-otherNames-${key}`
    const patch = (change: { text?: string; kind?: typeof kind }): void =>
      actions.act({ type: 'patch_name', person: person.key, key, change })
    return h(
      'div',
      { key, class: 'row' },
      TextLine({
        id: `${nameId}-text`,
        name: 'other-names',
        label: texts.ask.otherName,
        hint: texts.hint.otherName,
        value: text,
        problem: messageFor(`${nameId}-text`),
        onValue: (text) => patch({ text }),
      }),
      Choice({
        id: `${nameId}-kind`,
        label: texts.ask.nameKind,
        codes: nameKinds,
        labels: texts.nameKinds,
        value: kind,
        blank: texts.choose,
        onValue: (kind) => patch({ kind }),
      }),
    )
  }),
  h(
    'button',
    {
      type: 'button',
      class: 'button button-quiet',
      id: `${id}-add-name`,
      onClick: () => actions.act({ type: 'add_name', person: person.key }),
    },
    texts.add.name,
  ),
]

const Age = ({ texts, id, person, patch }: PersonContext): ComponentChild =>
  h(
    'div',
    { class: 'row' },
    Choice({
      id: `${id}-ageUnit`,
      label: texts.ask.ageUnit,
      codes: ageUnits,
      labels: texts.ageUnits,
      value: person.ageUnit,
      onValue: (ageUnit) => patch({ ageUnit }),
    }),
    Choice({
      id: `${id}-reckoning`,
      label: texts.ask.reckoning,
      hint: texts.hint.reckoning,
      codes: ageReckonings,
      labels: texts.reckonings,
      value: person.reckoning,
      blank: texts.choose,
      onValue: (reckoning) => patch({ reckoning }),
    }),
  )

const Origin = (
  { texts, id, person, patch, messageFor }: PersonContext,
  labels: Record<string, string>,
): ComponentChild[] => [
  Choice({
    id: `${id}-nationality`,
    label: texts.ask.nationality,
    codes: Object.keys(labels),
    labels,
    value: person.nationality,
    blank: texts.choose,
    onValue: (nationality: string) => patch({ nationality }),
  }),
  ...(['originPlace', 'ethnicity'] as const).map((field) =>
    TextLine({
      id: `${id}-${field}`,
      label: texts.ask[field],
      value: person[field],
      problem: messageFor(`${id}-${field}`),
      onValue: (value) => patch({ [field]: value }),
    }),
  ),
]

const Health = ({ texts, id, person, patch, messageFor }: PersonContext): ComponentChild[] => [
  Checks({
    id: `${id}-riskFlags`,
    label: texts.ask.riskFlags,
    hint: texts.hint.riskFlags,
    codes: riskFlags,
    labels: texts.risks,
    value: person.riskFlags,
    onToggle: (flag, isOn) =>
      patch({
        riskFlags: riskFlags.filter((code) =>
          code === flag ? isOn : person.riskFlags.includes(code),
        ),
      }),
  }),
  TextBox({
    id: `${id}-medical`,
    label: texts.ask.medical,
    value: person.medical,
    problem: messageFor(`${id}-medical`),
    onValue: (medical) => patch({ medical }),
  }),
]

function PersonPart(
  context: MoreContext,
  person: PersonDraft,
  index: number,
  labels: Record<string, string>,
): ComponentChild {
  const id = `persons-${person.key}`
  const { texts } = context
  const patch: PersonContext['patch'] = (change) =>
    context.actions.act({ type: 'patch', list: 'persons', key: person.key, change })
  const own: PersonContext = { ...context, id, person, patch }
  return h(
    'fieldset',
    { key: person.key, id, class: 'one-person' },
    h('legend', { class: 'label' }, personLabel(context, person, index)),
    Names(own),
    Choice({
      id: `${id}-sex`,
      label: texts.ask.sex,
      codes: sexes,
      labels: texts.sexes,
      value: person.sex,
      blank: texts.choose,
      onValue: (sex) => patch({ sex }),
    }),
    Age(own),
    DateField(context, {
      id: `${id}-birth`,
      label: texts.ask.birth,
      value: person.birth,
      choices: plainDateChoices,
      onValue: (birth) => patch({ birth }),
    }),
    Origin(own, labels),
    Choice({
      id: `${id}-status`,
      label: texts.ask.status,
      codes: personStatuses,
      labels: texts.statuses,
      value: person.status,
      blank: texts.choose,
      onValue: (status) => patch({ status }),
    }),
    Health(own),
  )
}

export const PersonsPart = (
  context: MoreContext,
  labels: Record<string, string>,
): ComponentChild[] => [
  ...context.draft.persons.map((person, index) => PersonPart(context, person, index, labels)),
  Group(
    { id: 'count', label: context.texts.ask.count },
    h('div', { class: 'row' }, askNumber(context, 'atLeast'), askNumber(context, 'atMost')),
  ),
]
