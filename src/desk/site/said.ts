import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { printable } from '../text/printable.ts'

/**
 * Words of a source or an analyst, isolated so that their direction does not affect the text around
 * them.
 */
export function said(
  text: string | null | undefined,
  options: { keepsNewlines?: boolean } = {},
): ComponentChild {
  if (text === null || text === undefined || text === '') return null
  return h('bdi', { dir: 'auto' }, printable(text, options))
}

/** A code such as `third_country_police` as words. */
export function words(code: string | null | undefined): string {
  return (code ?? '').replaceAll('_', ' ')
}

/** An instant in UTC, to the minute. */
export function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`
}

/** Rows of a definition list; those without a value are left out. */
export function facts(rows: readonly (readonly [string, ComponentChild])[]): ComponentChild {
  const known = rows.filter(
    ([, value]) =>
      value !== null &&
      value !== undefined &&
      value !== '' &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0),
  )
  if (known.length === 0) return null
  return h(
    'dl',
    null,
    known.map(([label, value]) => h('div', null, h('dt', null, label), h('dd', null, value))),
  )
}

/** A section with a heading; nothing if it has no content. */
export function section(title: string, ...children: readonly ComponentChild[]): ComponentChild {
  const shown = children.filter(
    (child) =>
      child !== null &&
      child !== undefined &&
      child !== false &&
      !(Array.isArray(child) && child.length === 0),
  )
  return shown.length === 0 ? null : h('section', null, h('h2', null, title), shown)
}
