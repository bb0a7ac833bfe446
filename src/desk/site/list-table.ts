import type { ComponentChild } from 'preact'
import { h, isValidElement } from 'preact'

export interface ListRow {
  /**
   * What the search and the fields look at, by the id of the field; `text`: what a search looks
   * through, else what is shown.
   */
  facts: Readonly<Record<string, string | number>>
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
 * Its rows are no table boxes: a browser lays them out as they come into sight. What that takes
 * from a table for those who hear it, the roles give back.
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

/** A text, or an element: its tag, its attributes, what is in it. */
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
 * All rows, for the script to draw. Nothing in it ends the element or begins another, and it is no
 * script: nothing runs.
 */
export function listData({ rows }: ListTable): ComponentChild {
  const content = rows.map((row) => [row.facts, described(rowOf(row))[0]])
  return h('script', {
    type: 'application/json',
    id: 'data',
    dangerouslySetInnerHTML: { __html: JSON.stringify(content).replaceAll('<', '\\u003c') },
  })
}
