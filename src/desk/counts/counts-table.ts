import type { CountRow, Counts } from './count-cases.ts'

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
]

/** What is drawn as tables, wherever: periods, then status, places, authorities, sex. */
export function countsTable(counts: Counts): CountsTable[] {
  const { from, to, asOf, rows, total, undated, ratePerMonth } = counts
  const main: CountsTable = {
    caption: `Persons detained ${from} to ${to}, as of ${asOf}: at least ${total.persons}, ${ratePerMonth} a month`,
    head,
    rows: [
      ...rows,
      ...(undated.persons + undated.guides > 0 ? [undated] : []),
      { ...total, label: 'all, each once' },
    ].map(cellsOf),
  }
  const small = (
    caption: string,
    what: string,
    tally: Readonly<Record<string, number>>,
  ): CountsTable => ({
    caption,
    head: [what, 'At least'],
    rows: Object.entries(tally).map(([name, count]) => [name, String(count)]),
  })
  return [
    main,
    small('What is known of them', 'Status', total.byStatus),
    small('Where they were taken', 'Place', counts.byPlace),
    small('Who took them (several may be named for one person)', 'Authority', counts.byAuthority),
    small('Sex', 'Sex', counts.bySex),
  ].filter((table) => table.rows.length > 0)
}

function cellsOf({
  label,
  persons,
  confirmed,
  uncertain,
  minors,
  elderly,
  guides,
}: CountRow): string[] {
  return [label, ...[persons, confirmed, uncertain, minors, elderly, guides].map(String)]
}
