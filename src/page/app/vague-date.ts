import { dayOfInstant } from '../../time/day.ts'

/** Days as people remember them, in fields a keyboard can fill, and as EDTF for the tip. */

export const dateChoices = [
  'today',
  'yesterday',
  'day',
  'about_day',
  'about_month',
  'between',
  'since',
  'unknown',
] as const
export type DateChoice = (typeof dateChoices)[number]

/** For a birth or a day that may lie ahead the other choices make no sense. */
export const plainDateChoices = [
  'day',
  'about_day',
  'unknown',
] as const satisfies readonly DateChoice[]

export interface DateParts {
  year: string
  month: string
  day: string
}

export interface VagueDate {
  /** Empty: not asked. */
  choice: '' | DateChoice
  start: DateParts
  end: DateParts
}

export type DateProblem = 'date_year' | 'date_day' | 'date_order'

const noParts: DateParts = { year: '', month: '', day: '' }
export const noDate: VagueDate = { choice: '', start: noParts, end: noParts }

const oldestYear = 1900
const latestYear = 2100

const isBlank = ({ year, month, day }: DateParts): boolean => `${year}${month}${day}`.trim() === ''

/** Full-width digits come from Chinese and Korean keyboards. */
const numberIn = (text: string): number | null => {
  const digits = text.normalize('NFKC').trim()
  return digits === '' ? null : /^\d{1,4}$/.test(digits) ? Number(digits) : NaN
}

const isWithin = (value: number | null, first: number, last: number): boolean =>
  value === null || (value >= first && value <= last)

const lastDayOf = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

function problemOfParts(parts: DateParts): DateProblem | null {
  if (isBlank(parts)) return null
  const [year, month, day] = [numberIn(parts.year), numberIn(parts.month), numberIn(parts.day)]
  if (year === null || !isWithin(year, oldestYear, latestYear)) return 'date_year'
  if (!isWithin(month, 1, 12) || (day !== null && month === null)) return 'date_day'
  return isWithin(day, 1, lastDayOf(year, month ?? 1)) ? null : 'date_day'
}

const padded = (text: string, digits: number): string => {
  const value = numberIn(text)
  return value === null ? '' : `-${String(value).padStart(digits, '0')}`
}

/** `2017`, `2017-11` or `2017-11-04`, as far as filled in; empty when nothing is. */
export const isoOf = ({ year, month, day }: DateParts): string =>
  isBlank({ year, month, day })
    ? ''
    : `${padded(year, 4)}${padded(month, 2)}${padded(day, 2)}`.slice(1)

/** Compares `2017-11` with `2017-11-04` by its first day against the other's last. */
const isAfter = (start: string, end: string): boolean =>
  start.padEnd(10, '-01') > end.padEnd(10, '-99')

export const usesFields = ({ choice }: VagueDate): boolean =>
  choice !== '' && choice !== 'today' && choice !== 'yesterday' && choice !== 'unknown'

/** A day that was typed before the choice became a month is not shown, so it must not count. */
export const startOf = ({ choice, start }: VagueDate): DateParts =>
  choice === 'about_month' ? { ...start, day: '' } : start

export function problemOfDate(date: VagueDate): DateProblem | null {
  if (!usesFields(date)) return null
  const problem = problemOfParts(startOf(date))
  if (problem !== null || date.choice !== 'between') return problem
  const problemOfEnd = problemOfParts(date.end)
  if (problemOfEnd !== null) return problemOfEnd
  const [start, end] = [isoOf(startOf(date)), isoOf(date.end)]
  return start !== '' && end !== '' && isAfter(start, end) ? 'date_order' : null
}

/** `YYYY-MM-DD` of this device's clock; in Tor Browser that is UTC. */
export const dayOf = (at: Date, daysBack = 0): string => {
  const day = new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate() - daysBack))
  return dayOfInstant(day)
}
