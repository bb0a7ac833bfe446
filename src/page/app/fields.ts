import type { Language } from '../languages.ts'
import { languageAttributes } from '../view/wording.ts'
import { privateField } from '../view/private-field.ts'
import { h, type ComponentChild } from 'preact'

/** Form fields with their label, hint and message, linked together for screen readers. */

export interface FieldFrame {
  id: string
  label: string
  name?: string
  hint?: string | undefined
  /** The same words in the reader's own language, where the form has another one. */
  gloss?: GlossOf
  /** The words that mark a field that must be filled in. */
  required?: string
  /**
   * Shows the label to screen readers only, because the words are already visible above the field.
   */
  isLabelUnseen?: boolean
  /** The message that explains what is wrong with the answer. */
  problem?: string | null
}

export interface GlossOf {
  language: Language
  label?: string | undefined
  hint?: string | undefined
}

/** A short text in the reader's own language, below the one of the form. */
export const Gloss = (gloss: GlossOf | undefined, part: 'label' | 'hint'): ComponentChild =>
  gloss?.[part] === undefined
    ? null
    : h('span', { class: 'gloss', ...languageAttributes(gloss.language) }, gloss[part])

type TypingEvent = { currentTarget: { value: string } }

const describedBy = ({ id, hint, problem }: FieldFrame): string | undefined =>
  [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined

const hintOf = ({ id, hint, gloss }: FieldFrame): ComponentChild =>
  hint ? h('p', { id: `${id}-hint`, class: 'hint' }, hint, Gloss(gloss, 'hint')) : null

const problemOf = ({ id, problem }: FieldFrame): ComponentChild =>
  problem ? h('p', { id: `${id}-problem`, class: 'problem' }, problem) : null

const aria = (frame: FieldFrame) => ({
  id: frame.id,
  name: frame.name ?? frame.id,
  'aria-describedby': describedBy(frame),
  'aria-required': frame.required === undefined ? undefined : ('true' as const),
  'aria-invalid': frame.problem ? ('true' as const) : undefined,
})

const framed = (frame: FieldFrame, control: ComponentChild): ComponentChild =>
  h(
    'div',
    { class: 'field' },
    h(
      'label',
      { class: frame.isLabelUnseen ? 'visually-hidden' : 'label', for: frame.id },
      frame.label,
      frame.required === undefined ? null : h('span', { class: 'required' }, ` ${frame.required}`),
      Gloss(frame.gloss, 'label'),
    ),
    hintOf(frame),
    control,
    problemOf(frame),
  )

export interface TextProps extends FieldFrame {
  value: string
  onValue: (value: string) => void
}

const typed = (props: TextProps) => ({
  ...aria(props),
  value: props.value,
  dir: 'auto' as const,
  ...privateField,
  onInput: (event: TypingEvent) => props.onValue(event.currentTarget.value),
})

export const TextLine = (props: TextProps): ComponentChild =>
  framed(props, h('input', { type: 'text', enterKeyHint: 'done', ...typed(props) }))

export const TextBox = (props: TextProps & { rows?: number }): ComponentChild =>
  framed(props, h('textarea', { ...typed(props), rows: props.rows ?? 3 }))

/**
 * A line for a number. Not `type=number`: a mouse wheel would change it, and full-width digits
 * would be rejected.
 */
export const NumberLine = (props: TextProps): ComponentChild =>
  framed(
    props,
    h('input', { type: 'text', inputMode: 'numeric', class: 'number', ...typed(props) }),
  )

interface CodesProps<Code extends string> {
  codes: readonly Code[]
  labels: Readonly<Record<Code, string>>
}

export interface ChoiceProps<Code extends string, Value extends string>
  extends FieldFrame,
    CodesProps<Code> {
  value: Value
  /**
   * The text of the option that leaves the question unanswered; absent when an answer is required.
   */
  blank?: string
  onValue: (value: Value) => void
}

export function Choice<Code extends string, Value extends Code | ''>(
  props: ChoiceProps<Code, Value>,
): ComponentChild {
  const options = props.codes.map((code) =>
    h('option', { value: code, selected: code === props.value }, props.labels[code]),
  )
  return framed(
    props,
    h(
      'select',
      {
        ...aria(props),
        value: props.value,
        autocomplete: 'off',
        // The options have no values other than these codes.
        onChange: (event: TypingEvent) => props.onValue(event.currentTarget.value as Value),
      },
      props.blank === undefined ? null : h('option', { value: '' }, props.blank),
      options,
    ),
  )
}

/** A question with its answers side by side; `describes` links the hint to the whole group. */
export const Group = (
  props: FieldFrame & { class?: string },
  ...children: ComponentChild[]
): ComponentChild =>
  h(
    'fieldset',
    { id: props.id, class: props.class ?? 'field', 'aria-describedby': describedBy(props) },
    h('legend', { class: 'label' }, props.label, Gloss(props.gloss, 'label')),
    hintOf(props),
    ...children,
    problemOf(props),
  )

export const Radios = <Code extends string>(
  props: FieldFrame & CodesProps<Code> & { value: '' | Code; onValue: (value: Code) => void },
): ComponentChild =>
  Group(
    { ...props, class: 'field choices' },
    props.codes.map((code) =>
      h(
        'label',
        { class: 'choice', for: `${props.id}-${code}` },
        h('input', {
          type: 'radio',
          id: `${props.id}-${code}`,
          name: props.name ?? props.id,
          value: code,
          checked: props.value === code,
          autocomplete: 'off',
          onChange: () => props.onValue(code),
        }),
        h('span', null, props.labels[code]),
      ),
    ),
  )

export const Checks = <Code extends string>(
  props: FieldFrame &
    CodesProps<Code> & { value: readonly Code[]; onToggle(code: Code, isOn: boolean): void },
): ComponentChild =>
  Group(
    { ...props, class: 'field choices' },
    props.codes.map((code) =>
      h(
        'label',
        { class: 'choice', for: `${props.id}-${code}` },
        h('input', {
          type: 'checkbox',
          id: `${props.id}-${code}`,
          name: props.name ?? props.id,
          value: code,
          checked: props.value.includes(code),
          autocomplete: 'off',
          onChange: (event: { currentTarget: { checked: boolean } }) =>
            props.onToggle(code, event.currentTarget.checked),
        }),
        h('span', null, props.labels[code]),
      ),
    ),
  )
