import { h } from 'preact'
import type { Counts } from '../counts/count-cases.ts'
import { countsTable } from '../counts/counts-table.ts'
import { documentOf } from '../site/document.ts'
import { barChart, tableOf } from '../site/tables.ts'

/** Counts as a page that stands alone and prints. */
export function countsDocument(counts: Counts): string {
  const { from, to, asOf, total, rows } = counts
  return documentOf(
    `Persons detained, ${from} to ${to}`,
    'en',
    h('h1', null, `Persons detained, ${from} to ${to}`),
    h('p', { class: 'lead' }, `At least ${total.persons}, as of ${asOf}.`),
    h(
      'p',
      { class: 'meta' },
      'Persons, not reports. Uncertain: reported so vaguely that it may be this period or another. Guides are counted apart.',
    ),
    barChart(
      'Persons detained',
      rows.map(({ label, persons, uncertain }) => ({ label, value: persons, unsure: uncertain })),
    ),
    ...countsTable(counts).map(tableOf),
  )
}
