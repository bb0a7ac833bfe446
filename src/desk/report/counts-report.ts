import type { Counts } from '../counts/count-cases.ts'
import { countsTable } from '../counts/counts-table.ts'
import type { ReportDocument } from './document.ts'
import { heading, note, paragraph } from './document.ts'

/** The same counts as `countsDocument`, without its chart, for a word processor. */
export function countsReport(counts: Counts): ReportDocument {
  const { from, to, asOf, total } = counts
  const title = `Persons detained, ${from} to ${to}`
  return {
    title,
    language: 'en',
    day: asOf,
    blocks: [
      heading(1, title),
      paragraph({ strong: `At least ${total.persons}, as of ${asOf}.` }),
      note(
        'Persons, not reports. Uncertain: reported so vaguely that it may be this period or another. Guides are counted apart.',
      ),
      ...countsTable(counts).map(({ caption, head, rows }) => ({
        kind: 'table' as const,
        caption,
        head,
        rows: rows.map((cells) => cells.map((cell) => [{ said: cell }])),
      })),
    ],
  }
}
