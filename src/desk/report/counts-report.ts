import type { Counts } from '../counts/count-cases.ts'
import { countsTable, floorText } from '../counts/counts-table.ts'
import type { ReportDocument } from './document.ts'
import { heading, note, paragraph } from './document.ts'

/** The same counts as in `countsDocument`, without the chart, for a word processor. */
export function countsReport(counts: Counts): ReportDocument {
  const title = titleOf(counts)
  return {
    title,
    language: 'en',
    day: counts.asOf,
    blocks: [
      heading(1, title),
      paragraph({ strong: leadOf(counts) }),
      note(notesOf(counts)),
      ...countsTable(counts).map(({ caption, head, rows }) => ({
        kind: 'table' as const,
        caption,
        head,
        rows: rows.map((cells) => cells.map((cell) => [{ said: cell }])),
      })),
    ],
  }
}

export const titleOf = ({ from, to }: Counts): string => `Persons detained, ${from} to ${to}`

export function leadOf(counts: Counts): string {
  const text = floorText(counts)
  return `${text[0]?.toUpperCase()}${text.slice(1)}, as of ${counts.asOf}.`
}

/** Notes on how to read the figures. */
export function notesOf({ openPairs }: Counts): string {
  const open =
    openPairs === 0
      ? ''
      : ' "At least" takes each pair of persons who may be the same, and whom nobody has compared yet, for one.'
  return `Persons, not reports.${open} Uncertain: the date is so vague that it may be this period or another. Guides are counted apart.`
}
