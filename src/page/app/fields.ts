import { h, type ComponentChild } from 'preact'

/** Fields with their label, hint and message, tied together for screen readers. */

export interface FieldFrame {
  id: string
  label: string
  name?: string
  hint?: string | undefined
  /** Only for screen readers: the words stand above already. */
  isLabelUnseen?: boolean
  /** What is wrong with it. */
  problem?: string | null
}

type TypingEvent = { currentTarget: { value: string } }

const describedBy = ({ id, hint, problem }: FieldFrame): string | undefined =>
  [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined

const hintOf = ({ id, hint }: FieldFrame): ComponentChild =>
  hint ? h('p', { id: `${id}-hint`, class: 'hint' }, hint) : null

const problemOf = ({ id, problem }: FieldFrame): ComponentChild =>
  problem ? h('p', { id: `${id}-problem`, class: 'problem' }, problem) : null

const aria = (frame: FieldFrame) => ({
  id: frame.id,
  name: frame.name ?? frame.id,
  'aria-describedby': describedBy(frame),
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
    ),
    hintOf(frame),
    control,
    problemOf(frame),
  )

export interface TextProps extends FieldFrame {
  value: string
  onValue: (value: string) => void
}

/** `off`: nothing that was typed may come back from the browser's memory. */
const typed = (props: TextProps) => ({
  ...aria(props),
  value: props.value,
  dir: 'auto' as const,
  autocomplete: 'off',
  onInput: (event: TypingEvent) => props.onValue(event.currentTarget.value),
})

export const TextLine = (props: TextProps): ComponentChild =>
  framed(props, h('input', { type: 'text', enterKeyHint: 'done', ...typed(props) }))

/** For what people tell: words of theirs are neither corrected nor sent to a speller. */
export const TextBox = (props: TextProps & { rows?: number }): ComponentChild =>
  framed(props, h('textarea', { ...typed(props), rows: props.rows ?? 3, spellcheck: false }))

/** Not `type=number`: a wheel would change it, and full-width digits would be thrown away. */
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
  /** Text of the option that answers nothing; none when one must be chosen. */
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
        // Only the codes stand in the list.
        onChange: (event: TypingEvent) => props.onValue(event.currentTarget.value as Value),
      },
      props.blank === undefined ? null : h('option', { value: '' }, props.blank),
      options,
    ),
  )
}

/** A question with its answers side by side; `describes` ties the hint to the whole group. */
export const Group = (
  props: FieldFrame & { class?: string },
  ...children: ComponentChild[]
): ComponentChild =>
  h(
    'fieldset',
    { id: props.id, class: props.class ?? 'field', 'aria-describedby': describedBy(props) },
    h('legend', { class: 'label' }, props.label),
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
