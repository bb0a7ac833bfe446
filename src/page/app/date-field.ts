import { privateField } from '../view/private-field.ts'
import { h, type ComponentChild } from 'preact'
import { Choice, Group } from './fields.ts'
import type { FormContext } from './form-context.ts'
import {
  dateChoices,
  usesFields,
  type DateChoice,
  type DateParts,
  type VagueDate,
} from './vague-date.ts'

interface DateProps {
  id: string
  label: string
  value: VagueDate
  choices?: readonly DateChoice[]
  onValue: (value: VagueDate) => void
}

const partNames = ['year', 'month', 'day'] as const

interface PartsProps {
  id: string
  /** The label of this day, if it is the start or the end of an interval. */
  legend: string | null
  value: DateParts
  names: readonly (keyof DateParts)[]
  problemId: string | undefined
  onValue: (value: DateParts) => void
}

/**
 * Three small text fields. A date picker is hard to use without a mouse, and it appears in the
 * browser's language instead of the page's.
 */
const Parts = (
  { texts }: FormContext,
  { id, legend, value, names, problemId, onValue }: PartsProps,
): ComponentChild =>
  h(
    'div',
    {
      class: 'date',
      role: legend === null ? undefined : 'group',
      'aria-label': legend ?? undefined,
    },
    legend === null ? null : h('span', { class: 'date-end' }, legend),
    names.map((name) =>
      h(
        'span',
        { class: 'date-part' },
        h('label', { for: `${id}-${name}` }, texts[name]),
        h('input', {
          type: 'text',
          inputMode: 'numeric',
          id: `${id}-${name}`,
          name: `${id}-${name}`,
          class: `number ${name}`,
          ...privateField,
          dir: 'auto',
          'aria-describedby': problemId,
          'aria-invalid': problemId && 'true',
          value: value[name],
          onInput: (event: { currentTarget: { value: string } }) =>
            onValue({ ...value, [name]: event.currentTarget.value }),
        }),
      ),
    ),
  )

export function DateField(
  context: FormContext,
  { id, label, value, choices = dateChoices, onValue }: DateProps,
): ComponentChild {
  const { texts } = context
  const problem = context.messageFor(`${id}-start-year`)
  const isInterval = value.choice === 'between'
  const parts = {
    names: value.choice === 'about_month' ? partNames.slice(0, 2) : partNames,
    problemId: problem === null ? undefined : `${id}-problem`,
  }
  return Group(
    { id, label, problem },
    Choice({
      id: `${id}-choice`,
      label: texts.ask.whenDate,
      isLabelUnseen: true,
      codes: choices,
      labels: texts.dates,
      value: value.choice,
      blank: texts.choose,
      onValue: (choice) => onValue({ ...value, choice }),
    }),
    usesFields(value) &&
      Parts(context, {
        ...parts,
        id: `${id}-start`,
        legend: isInterval ? texts.dateFrom : null,
        value: value.start,
        onValue: (start) => onValue({ ...value, start }),
      }),
    isInterval &&
      Parts(context, {
        ...parts,
        id: `${id}-end`,
        legend: texts.dateTo,
        value: value.end,
        onValue: (end) => onValue({ ...value, end }),
      }),
  )
}
