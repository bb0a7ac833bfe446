import type { ComponentChild } from 'preact'
import { h, isValidElement } from 'preact'

export interface ListRow {
  /**
   * Values that the filters compare, by the id of the field. The search looks through `text`, or
   * without one through the row as shown, and through `keys`, those of the names.
   */
  facts: Readonly<Record<string, string | number | readonly string[]>>
  cells: readonly Cell[]
}

export type Cell = ComponentChild | { class: string | undefined; shown: ComponentChild }

export interface ListTable {
  kind: string
  caption: string
  head: readonly string[]
  rows: readonly ListRow[]
}

/**
 * Rows are not laid out as a CSS table, so that the browser can skip those outside of the screen.
 * The ARIA roles restore the table semantics that this takes away from screen readers.
 */
export function listTable({ kind, caption, head, rows }: ListTable): ComponentChild {
  return h(
    'table',
    { class: `list ${kind}`, role: 'table', 'aria-label': caption },
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        head.map((name) => h('th', { scope: 'col', role: 'columnheader' }, name)),
      ),
    ),
    h('tbody', { class: 'rows', role: 'rowgroup' }, rows.map(rowOf)),
  )
}

function rowOf({ cells }: ListRow): ComponentChild {
  return h('tr', { role: 'row' }, cells.map(cellOf))
}

function cellOf(cell: Cell): ComponentChild {
  const isMarked = typeof cell === 'object' && cell !== null && 'shown' in cell
  return isMarked
    ? h('td', { role: 'cell', class: cell.class }, cell.shown)
    : h('td', { role: 'cell' }, cell)
}

/** A text, or an element as its tag, its attributes and its children. */
type Described = string | readonly unknown[]

function described(child: ComponentChild): Described[] {
  if (Array.isArray(child)) return child.flatMap((each: ComponentChild) => described(each))
  if (!isValidElement(child))
    return child === null || child === undefined || typeof child === 'boolean'
      ? []
      : [String(child)]
  const { children, ...attributes } = child.props as { children?: ComponentChild }
  return [[String(child.type), attributes, ...described(children)]]
}

/**
 * All rows as JSON for the script to draw. The content cannot close the element or open another
 * one, and is never executed.
 */
export function listData({ rows }: ListTable): ComponentChild {
  const content = rows.map((row) => [row.facts, described(rowOf(row))[0]])
  return h('script', {
    type: 'application/json',
    id: 'data',
    dangerouslySetInnerHTML: { __html: JSON.stringify(content).replaceAll('<', '\\u003c') },
  })
}
