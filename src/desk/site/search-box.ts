import type { ComponentChild } from 'preact'
import { h } from 'preact'

/** Hidden until the script shows it: without one it would do nothing. */
export function searchBox(label: string, fields: readonly ComponentChild[], wayWithout: string): ComponentChild[] {
  return [
    h('div', { class: 'filters', hidden: true, role: 'search' },
      field(label, h('input', { id: 'search', type: 'search', autocomplete: 'off', spellcheck: false, dir: 'auto' })),
      fields,
      h('button', { type: 'button' }, 'Show all'),
      h('p', { id: 'count', role: 'status' })),
    h('noscript', null, h('p', { class: 'hint' }, `Searching here needs scripts, which are off. The whole list is below; your browser finds words in it with Ctrl+F. Or: ${wayWithout}`)),
  ]
}

export function field(label: string, control: ComponentChild): ComponentChild {
  return h('label', null, label, control)
}

/** A row has one or more of the values in `data-ID`. */
export function choice(id: string, values: ReadonlyArray<readonly [value: string, label: string]>): ComponentChild {
  return h('select', { id }, h('option', { value: '' }, 'any'), values.map(([value, label]) => h('option', { value }, label)))
}
