import { dayOf, startOf, usesFields, type DateParts, type VagueDate } from './vague-date.ts'
import { completeYear, foldTyped, readNumber } from './read-number.ts'

/**
 * The date in EDTF that the typed fields amount to, and the typed words if not all could be read.
 */
export interface ReadDate {
  /** Null when the fields are empty, or when no part of them can be read as a date. */
  edtf: string | null
  /** Null when `edtf` expresses everything that was typed. */
  unread: string | null
}

const oldestYear = 1900
const latestYear = 2100

const monthNames = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
]

const isBlank = ({ year, month, day }: DateParts): boolean => `${year}${month}${day}`.trim() === ''

/**
 * A number with or without its unit. The text is first read without removing a unit: `십일` is
 * eleven, not ten followed by a unit.
 */
function readPart(typed: string): number | null {
  const text = foldTyped(typed)
  return readNumber(text) ?? readNumber(text.replace(/(년|월|일|年|月|日|号|號|st|nd|rd|th)$/u, ''))
}

function readYear(typed: string, now: Date): number | null {
  const year = readPart(typed.replace(/^['’]/u, ''))
  if (year === null) return null
  const thisYear = now.getFullYear()
  const whole =
    /\d{4}/.test(typed.normalize('NFKC')) || year > 99 ? year : completeYear(year, thisYear)
  return whole >= oldestYear && whole <= latestYear ? whole : null
}

function readMonth(typed: string): number | null {
  const named = monthNames.indexOf(foldTyped(typed).slice(0, 3)) + 1
  const month = named > 0 ? named : readPart(typed)
  return month !== null && month >= 1 && month <= 12 ? month : null
}

const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/**
 * Reads `2017`, `2017-11` or `2017-11-04`: as many parts as are certain, starting with the year.
 */
function readParts(parts: DateParts, now: Date): { iso: string; isAll: boolean } {
  const year = readYear(parts.year, now)
  if (year === null) return { iso: '', isAll: isBlank(parts) }
  const [month, day] = [readMonth(parts.month), readPart(parts.day)]
  const hasMonth = parts.month.trim() !== ''
  const hasDay = parts.day.trim() !== ''
  if (month === null) return { iso: String(year), isAll: !hasMonth && !hasDay }
  const iso = `${year}-${twoDigits(month)}`
  if (day === null || day < 1 || day > daysIn(year, month)) return { iso, isAll: !hasDay }
  return { iso: `${iso}-${twoDigits(day)}`, isAll: true }
}

/**
 * Whether an interval would run backwards. Compares the first day of `start` with the last of
 * `end`.
 */
const isAfter = (start: string, end: string): boolean =>
  start.padEnd(10, '-01') > end.padEnd(10, '-99')

/** @param now today by the clock of the device; Tor Browser's is in UTC, nine hours behind Korea */
export function readDate(date: VagueDate, now: Date): ReadDate {
  switch (date.choice) {
    case '':
      return { edtf: null, unread: null }
    case 'unknown':
      return { edtf: 'unknown', unread: null }
    case 'today':
      return { edtf: `${dayOf(now)}~`, unread: null }
    case 'yesterday':
      return { edtf: `${dayOf(now, 1)}~`, unread: null }
  }
  const [start, end] = [readParts(startOf(date), now), readParts(date.end, now)]
  const isInterval = date.choice === 'between'
  const isAll = start.isAll && (!isInterval || end.isAll)
  return {
    edtf: edtfOfParts(date.choice, start.iso, end.iso),
    unread: isAll ? null : wordsOf(date),
  }
}

function edtfOfParts(
  choice: Exclude<VagueDate['choice'], '' | 'unknown' | 'today' | 'yesterday'>,
  start: string,
  end: string,
): string | null {
  if (choice === 'between') {
    if (start === '' && end === '') return null
    // If the second day is before the first, they are exchanged.
    return start !== '' && end !== '' && isAfter(start, end) ? `${end}/${start}` : `${start}/${end}`
  }
  if (start === '') return null
  return { day: start, about_day: `${start}~`, about_month: `${start}~`, since: `${start}/..` }[
    choice
  ]
}

/** Everything that was typed, in the order of the fields. */
function wordsOf(date: VagueDate): string {
  const words = ({ year, month, day }: DateParts): string =>
    [year, month, day]
      .map((part) => part.trim())
      .filter(Boolean)
      .join(' ')
  return usesFields(date) && date.choice === 'between'
    ? `${words(date.start)} / ${words(date.end)}`
    : words(startOf(date))
}
