import type { Day } from '../../time/day.ts'
import type { CaseView } from '../files/case-view.ts'
import type { HumanBeing, PlaceOf } from './human-beings.ts'
import { humanBeings } from './human-beings.ts'
import type { Period, PeriodLength } from './periods.ts'
import { monthsIn, periodsOf } from './periods.ts'
import { placeAsTold } from './place-names.ts'

export interface CountRequest {
  from: Day
  to: Day
  by: PeriodLength
  /** The day of the count. */
  asOf: Day
}

/** The figures of one period. Guides are counted only in `guides`. */
export interface CountRow {
  label: string
  /** Persons whose detention certainly falls into the period. */
  persons: number
  /** Those of `persons` whom an analyst confirmed. */
  confirmed: number
  /**
   * Persons whose detention may fall into this or another period; each of these periods counts
   * them.
   */
  uncertain: number
  minors: number
  elderly: number
  guides: number
  byStatus: Readonly<Record<string, number>>
}

export interface Figures {
  rows: CountRow[]
  /** The figures of the whole time; each person is counted once. */
  total: CountRow
  /** Persons per month, to one decimal place. */
  ratePerMonth: number
  /** Persons without any date. */
  undated: CountRow
  byPlace: Readonly<Record<string, number>>
  byAuthority: Readonly<Record<string, number>>
  bySex: Readonly<Record<string, number>>
}

/** The figures if no two persons are the same, except those whom an analyst merged. */
export interface Counts extends CountRequest, Figures {
  /**
   * The lower bound ("at least"): the figures if the two persons of every open pair are the same.
   */
  floor: Figures
  /** Pairs of persons who may be the same, on which no analyst has decided. */
  openPairs: number
}

/**
 * Counts persons by the day of their detention, as HRW publishes such counts. Persons who may
 * belong to another period are in a column of their own.
 *
 * @param placeOf names a place in the table: `placeAsTold` at the desk, `placeFor` for tables that
 * leave.
 */
export function countCases(
  views: readonly CaseView[],
  request: CountRequest,
  placeOf: PlaceOf = placeAsTold,
): Counts {
  const { apart, merged, openPairs } = humanBeings(views, placeOf)
  const ifApart = figuresOf(apart, request)
  return { ...request, ...ifApart, floor: lowest(figuresOf(merged, request), ifApart), openPairs }
}

function figuresOf(beings: readonly HumanBeing[], { from, to, by }: CountRequest): Figures {
  const whole = { label: 'all', from, to }
  const dated = beings.filter(isDated)
  const inside = dated.filter((being) => liesIn(being, whole) && !being.isGuide)
  const total = rowOf(whole, dated)
  return {
    rows: periodsOf(from, to, by).map((period) => rowOf(period, dated)),
    total,
    ratePerMonth: rateOf(total.persons, whole),
    undated: row(
      'no date',
      beings.filter((being) => !isDated(being)),
      [],
    ),
    byPlace: tally(inside, ({ place }) => [place]),
    byAuthority: tally(inside, ({ authorities }) => authorities),
    bySex: tally(inside, ({ sex }) => [sex]),
  }
}

/**
 * The lower of both figures, because merging can raise one: two vague dates may become one exact
 * date, which holds only if the two persons are the same.
 */
function lowest(merged: Figures, apart: Figures): Figures {
  const lower = (one: CountRow, other: CountRow | undefined): CountRow => ({
    ...one,
    persons: Math.min(one.persons, other?.persons ?? one.persons),
  })
  return {
    ...merged,
    rows: merged.rows.map((each, index) => lower(each, apart.rows[index])),
    total: lower(merged.total, apart.total),
    ratePerMonth: Math.min(merged.ratePerMonth, apart.ratePerMonth),
  }
}

function rateOf(persons: number, period: Pick<Period, 'from' | 'to'>): number {
  return Math.round((persons / Math.max(1 / 30, monthsIn(period))) * 10) / 10
}

function rowOf(period: Period, beings: readonly HumanBeing[]): CountRow {
  return row(
    period.label,
    beings.filter((being) => liesIn(being, period)),
    beings.filter((being) => mayLieIn(being, period)),
  )
}

function row(
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
