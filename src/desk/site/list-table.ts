import type { ComponentChild } from 'preact'
import { h } from 'preact'

export interface ListRow {
  /** What the search and the fields look at, as `data-` attributes. */
  facts: Readonly<Record<`data-${string}`, string | number>>
  cells: readonly Cell[]
}

export type Cell = ComponentChild | { class: string | undefined; shown: ComponentChild }

/**
 * A table whose rows are no table boxes: a browser lays out thousands only as they come into sight. What that takes from a
 * table for those who hear it, the roles give back.
 */
export function listTable(kind: string, caption: string, head: readonly string[], rows: readonly ListRow[]): ComponentChild {
  return h('table', { class: `list ${kind}`, role: 'table', 'aria-label': caption },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head.map((name) => h('th', { scope: 'col', role: 'columnheader' }, name)))),
    h('tbody', { class: 'rows', role: 'rowgroup' }, rows.map(({ facts, cells }) => h('tr', { role: 'row', ...facts }, cells.map(cellOf)))))
}

function cellOf(cell: Cell): ComponentChild {
  const isMarked = typeof cell === 'object' && cell !== null && 'shown' in cell
  return isMarked ? h('td', { role: 'cell', class: cell.class }, cell.shown) : h('td', { role: 'cell' }, cell)
}
