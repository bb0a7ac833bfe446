import type { ComponentChild } from 'preact'
import { h } from 'preact'

export interface Search {
  label: string
  fields: readonly ComponentChild[]
  /** The command that gives the same result without scripts. */
  wayWithout: string
}

/** Hidden until the script shows it, because it does nothing without the script. */
export function searchBox({ label, fields, wayWithout }: Search): ComponentChild[] {
  return [
    h(
      'div',
      { class: 'filters', hidden: true, role: 'search' },
      field(
        label,
        h('input', {
          id: 'search',
          type: 'search',
          autocomplete: 'off',
          spellcheck: false,
          dir: 'auto',
        }),
      ),
      fields,
      h('button', { type: 'button' }, 'Show all'),
      h('p', { id: 'count', role: 'status' }),
    ),
    h(
      'noscript',
      null,
      h(
        'p',
        { class: 'hint' },
        `Searching here needs scripts, which are off. In the whole list, your browser finds words with Ctrl+F. Or: ${wayWithout}`,
      ),
    ),
  ]
}

export function field(label: string, control: ComponentChild): ComponentChild {
  return h('label', null, label, control)
}

/** A filter with fixed values. A row matches if its fact `id` contains the chosen value. */
export function choice(
  id: string,
  values: ReadonlyArray<readonly [value: string, label: string]>,
): ComponentChild {
  return h(
    'select',
    { id },
    h('option', { value: '' }, 'any'),
    values.map(([value, label]) => h('option', { value }, label)),
  )
}
