import type { Day } from '../../time/day.ts'
import { addDays } from '../../time/day.ts'

export interface Period {
  /** `2017-11`, `2017 Q4`, `2017`, or both days of the period. */
  label: string
  from: Day
  to: Day
}

export type PeriodLength = 'month' | 'quarter' | 'year' | 'period'

const monthsOf: Readonly<Record<Exclude<PeriodLength, 'period'>, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
}

/**
 * The calendar months, quarters or years between two days; the first and the last may be cut short.
 */
export function periodsOf(from: Day, to: Day, by: PeriodLength): Period[] {
  if (by === 'period') return [{ label: `${from} to ${to}`, from, to }]
  const periods: Period[] = []
  for (let start = from; start <= to; ) {
    const end = lastDayOf(start, monthsOf[by])
    const last = end < to ? end : to
    periods.push({ label: labelOf(start, by), from: start, to: last })
    start = addDays(last, 1)
    if (start <= last) break
  }
  return periods
}

function lastDayOf(day: Day, months: number): Day {
  const [year = 0, month = 1] = day.split('-').map(Number)
  const next = Math.floor((month - 1) / months) * months + months
  const first = `${String(year + Math.floor(next / 12)).padStart(4, '0')}-${String((next % 12) + 1).padStart(2, '0')}-01`
  return year + Math.floor(next / 12) > 9999 ? '9999-12-31' : addDays(first, -1)
}

function labelOf(day: Day, by: Exclude<PeriodLength, 'period'>): string {
  if (by === 'year') return day.slice(0, 4)
  return by === 'month'
    ? day.slice(0, 7)
    : `${day.slice(0, 4)} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

/** The length of a period in months of a mean calendar year, to one decimal place, for rates. */
export function monthsIn({ from, to }: Pick<Period, 'from' | 'to'>): number {
  const [y1 = 0, m1 = 1, d1 = 1] = from.split('-').map(Number)
  const [y2 = 0, m2 = 1, d2 = 1] = addDays(to, 1).split('-').map(Number)
  return (y2 - y1) * 12 + (m2 - m1) + (d2 - d1) / 30.4375
}
