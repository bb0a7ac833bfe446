import { h } from 'preact'
import type { Counts } from '../counts/count-cases.ts'
import { countsTable } from '../counts/counts-table.ts'
import { documentOf } from '../site/document.ts'
import { barChart, tableOf } from '../site/tables.ts'
import { leadOf, notesOf, titleOf } from './counts-report.ts'

/** Counts as one HTML page for printing. */
export function countsDocument(counts: Counts): string {
  const title = titleOf(counts)
  return documentOf(
    title,
    'en',
    h('h1', null, title),
    h('p', { class: 'lead' }, leadOf(counts)),
    h('p', { class: 'meta' }, notesOf(counts)),
    barChart(
      'Persons detained',
      counts.floor.rows.map(({ label, persons, uncertain }) => ({
        label,
        value: persons,
        unsure: uncertain,
      })),
    ),
    ...countsTable(counts).map(tableOf),
  )
}
