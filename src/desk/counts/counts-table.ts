import { authorityNames, sexNames, statuses } from '../exports/vocabulary.ts'
import type { CountRow, Counts } from './count-cases.ts'
import { placeNotKnown, placeNotNamed } from './human-beings.ts'
import { count } from '../../text/count.ts'

export interface CountsTable {
  caption: string
  head: string[]
  rows: string[][]
}

const head = [
  'Detained',
  'At least',
  'of them confirmed',
  'Uncertain',
  'Minors',
  'Elderly',
  'Guides, apart',
  'If no two are the same',
]

/** The tables of a count: periods, then status, places, authorities and sex. */
export function countsTable(counts: Counts): CountsTable[] {
  const { from, to, asOf, floor } = counts
  const { undated } = floor
  const main: CountsTable = {
    caption: `Persons detained ${from} to ${to}, as of ${asOf}: ${floorText(counts)}, ${floor.ratePerMonth} a month`,
    head,
    rows: [
      ...floor.rows.map((row, index) => cellsOf(row, counts.rows[index] ?? row)),
      ...(undated.persons + undated.guides > 0 ? [cellsOf(undated, counts.undated)] : []),
      cellsOf({ ...floor.total, label: 'all, each once' }, counts.total),
    ],
  }
  return [main, ...smallTables(counts)].filter((table) => table.rows.length > 0)
}

/** Text such as `at least 17; 81 if no two are the same (120 open pairs)`. */
export function floorText({ floor, total, openPairs }: Counts, unit = ''): string {
  const least = `at least ${floor.total.persons}${unit}`
  return openPairs === 0
    ? least
    : `${least}; ${total.persons} if no two are the same (${count(openPairs, 'open pair')})`
}

function smallTables({ floor }: Counts): CountsTable[] {
  const small = (
    caption: string,
    what: string,
    tally: Readonly<Record<string, number>>,
    words: Readonly<Record<string, string>>,
  ): CountsTable => ({
    caption,
    head: [what, 'At least'],
    rows: Object.entries(tally).map(([name, count]) => [
      Object.hasOwn(words, name) ? (words[name] ?? name) : name,
      String(count),
    ]),
  })
  const places = { [placeNotKnown]: 'Not known', [placeNotNamed]: 'Not named here' }
  return [
    small('What is known of them', 'Status', floor.total.byStatus, statuses),
    small('Where they were taken', 'Place', floor.byPlace, places),
    small(
      'Who took them (several may be named for one person)',
      'Authority',
      floor.byAuthority,
      authorityNames,
    ),
    small('Sex', 'Sex', floor.bySex, sexNames),
  ]
}

/** Below this number, people who know the place or the month can tell who is meant. */
const smallestSafeCell = 3

/** Cells with such small numbers that they may identify a person, as text. */
export function smallCells(counts: Counts): string[] {
  const isSmall = (count: number) => count > 0 && count < smallestSafeCell
  const inRows = counts.floor.rows.flatMap((row) =>
    (['persons', 'minors', 'elderly', 'guides'] as const).flatMap((column) =>
      isSmall(row[column]) ? [`${row.label}, ${column}: ${row[column]}`] : [],
    ),
  )
  const inTables = smallTables(counts).flatMap(({ head: [what], rows }) =>
    rows.flatMap(([name, count]) => (isSmall(Number(count)) ? [`${what}, ${name}: ${count}`] : [])),
  )
  return [...inTables, ...inRows]
}

function cellsOf(row: CountRow, apart: CountRow): string[] {
  const { label, persons, confirmed, uncertain, minors, elderly, guides } = row
  const figures = [persons, confirmed, uncertain, minors, elderly, guides, apart.persons]
  return [label, ...figures.map(String)]
}
