import type { Day } from '../../time/day.ts'
import type { CaseView } from '../files/case-view.ts'
import type { HumanBeing } from './human-beings.ts'
import { humanBeings } from './human-beings.ts'
import type { Period, PeriodLength } from './periods.ts'
import { monthsIn, periodsOf } from './periods.ts'

export interface CountRequest {
  from: Day
  to: Day
  by: PeriodLength
  /** The day the count is of. */
  asOf: Day
}

/** Persons, "at least". Guides are counted apart and in no other figure. */
export interface CountRow {
  label: string
  /** Whose detention certainly falls into it. */
  persons: number
  /** Of them, those an analyst confirmed. */
  confirmed: number
  /** Whose detention may fall into it, or into another one: in the row of each it may fall into. */
  uncertain: number
  minors: number
  elderly: number
  guides: number
  byStatus: Readonly<Record<string, number>>
}

export interface Counts extends CountRequest {
  rows: CountRow[]
  /** Of the whole time; everybody once. */
  total: CountRow
  /** Persons a month, to one place. */
  ratePerMonth: number
  /** No date was told at all. */
  undated: CountRow
  byPlace: Readonly<Record<string, number>>
  byAuthority: Readonly<Record<string, number>>
  bySex: Readonly<Record<string, number>>
}

/**
 * As HRW publishes them: persons by the day they were detained, those on the edge of a period in a
 * column of their own.
 */
export function countCases(views: readonly CaseView[], request: CountRequest): Counts {
  const beings = humanBeings(views)
  const whole = { label: 'all', from: request.from, to: request.to }
  const dated = beings.filter(isDated)
  const inside = dated.filter((being) => liesIn(being, whole) && !being.isGuide)
  const total = rowOf(whole, dated)
  return {
    ...request,
    rows: periodsOf(request.from, request.to, request.by).map((period) => rowOf(period, dated)),
    total,
    ratePerMonth: Math.round((total.persons / Math.max(1 / 30, monthsIn(whole))) * 10) / 10,
    undated: figures(
      'no date',
      beings.filter((being) => !isDated(being)),
      [],
    ),
    byPlace: tally(inside, ({ place }) => [place]),
    byAuthority: tally(inside, ({ authorities }) => authorities),
    bySex: tally(inside, ({ sex }) => [sex]),
  }
}

function rowOf(period: Period, beings: readonly HumanBeing[]): CountRow {
  return figures(
    period.label,
    beings.filter((being) => liesIn(being, period)),
    beings.filter((being) => mayLieIn(being, period)),
  )
}

function figures(
  label: string,
  certain: readonly HumanBeing[],
  uncertain: readonly HumanBeing[],
): CountRow {
  const persons = certain.filter(({ isGuide }) => !isGuide)
  return {
    label,
    persons: persons.length,
    confirmed: persons.filter(({ isConfirmed }) => isConfirmed).length,
    uncertain: uncertain.filter(({ isGuide }) => !isGuide).length,
    minors: persons.filter(({ isMinor }) => isMinor).length,
    elderly: persons.filter(({ isElderly }) => isElderly).length,
    guides: certain.length - persons.length,
    byStatus: tally(persons, ({ status }) => [status]),
  }
}

function isDated({ detained: { earliest, latest } }: HumanBeing): boolean {
  return earliest !== null || latest !== null
}

function liesIn(
  { detained: { earliest, latest } }: HumanBeing,
  { from, to }: Pick<Period, 'from' | 'to'>,
): boolean {
  return earliest !== null && latest !== null && earliest >= from && latest <= to
}

function mayLieIn(being: HumanBeing, period: Period): boolean {
  const { earliest, latest } = being.detained
  return (
    !liesIn(being, period) &&
    (earliest ?? '') <= period.to &&
    (latest ?? '9999-12-31') >= period.from
  )
}

function tally<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): Record<string, number> {
  const counts = new Map<string, number>()
  for (const item of items)
    for (const key of new Set(keysOf(item))) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Object.fromEntries(
    [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0])),
  )
}
