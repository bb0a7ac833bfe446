import type { ComponentChild } from 'preact'
import type { Answers } from './draft.ts'
import { Choice, NumberLine, TextBox, TextLine } from './fields.ts'
import type { MoreContext } from './form-context.ts'
import type { AllTexts } from './form-texts.ts'

/** Fields for single answers; the field's id and name are the name of the answer in the draft. */

type Field = keyof Answers
type FieldsOf<Value> = { [Name in Field]: Answers[Name] extends Value ? Name : never }[Field]
type Ask = keyof AllTexts['ask']
type Typed = Extract<FieldsOf<string>, Ask>

export const change = ({ actions }: MoreContext, change: Partial<Answers>): void =>
  actions.act({ type: 'change', change })

const typed = (context: MoreContext, field: Typed, hint?: string) => ({
  id: field,
  label: context.texts.ask[field],
  hint,
  problem: context.messageFor(field),
  value: context.draft[field],
  onValue: (value: string) => change(context, { [field]: value }),
})

export const askLine = (context: MoreContext, field: Typed, hint?: string): ComponentChild =>
  TextLine(typed(context, field, hint))
export const askBox = (context: MoreContext, field: Typed, hint?: string): ComponentChild =>
  TextBox(typed(context, field, hint))
export const askNumber = (context: MoreContext, field: Typed, hint?: string): ComponentChild =>
  NumberLine(typed(context, field, hint))

/** A choice of one code out of several; a blank option leaves the question unanswered. */
export const askChoice = <Code extends string>(
  context: MoreContext,
  field: Typed,
  codes: readonly Code[],
  labels: Readonly<Record<Code, string>>,
): ComponentChild =>
  Choice({
    id: field,
    label: context.texts.ask[field],
    codes,
    labels,
    value: context.draft[field] as '' | Code,
    blank: context.texts.choose,
    onValue: (value) => change(context, { [field]: value }),
  })

/** A list of countries, either next to a place or as a question with its own label. */
export const askCountry = (
  context: MoreContext,
  field: 'whereCountry' | 'heldCountry' | 'returnCountry',
  label: string,
  labels: Record<string, string>,
): ComponentChild =>
  Choice({
    id: field,
    label,
    codes: Object.keys(labels),
    labels,
    value: context.draft[field],
    blank: context.texts.choose,
    onValue: (value: string) => change(context, { [field]: value }),
  })
