import { dayOf, startOf, usesFields, type DateParts, type VagueDate } from './vague-date.ts'
import { readDay, readMonth, readYear } from './read-date-part.ts'
import { splitDate } from './split-date.ts'

/**
 * The date in EDTF that the typed fields amount to, and the typed words if not all could be read.
 */
export interface ReadDate {
  /** Null when the fields are empty, or when no part of them can be read as a date. */
  edtf: string | null
  /** Null when `edtf` expresses everything that was typed. */
  unread: string | null
}

const isBlank = ({ year, month, day }: DateParts): boolean => `${year}${month}${day}`.trim() === ''

const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

const twoDigits = (value: number): string => String(value).padStart(2, '0')

interface ReadParts {
  iso: string
  isAll: boolean
  isAbout: boolean
  isUnsure: boolean
}

/**
 * Reads `2017`, `2017-11` or `2017-11-04`: as many parts as are certain, starting with the year.
 */
function readParts(typed: DateParts, { now, newestYear }: DateBounds): ReadParts {
  const parts = splitDate(typed)
  const year = readYear(parts.year, now.getFullYear(), newestYear)
  if (year === null) return { iso: '', isAll: isBlank(parts), isAbout: false, isUnsure: false }
  const month = readMonth(parts.month)
  const day = month === null ? null : readDay(parts.day)
  const isDay =
    month !== null && day !== null && day.value >= 1 && day.value <= daysIn(year.value, month.value)
  const read = [year, month, isDay ? day : null].filter((part) => part !== null)
  const typedCount = [parts.year, parts.month, parts.day].filter((part) => part.trim() !== '')
  return {
    iso: [String(year.value), ...read.slice(1).map(({ value }) => twoDigits(value))].join('-'),
    isAll: read.length === typedCount.length && read.every(({ isAll }) => isAll),
    isAbout: read.some(({ mark }) => mark === '~'),
    isUnsure: read.some(({ mark }) => mark === '?'),
  }
}

/** As EDTF qualifies a date. */
const qualifierOf = ({ isAbout, isUnsure }: ReadParts): string =>
  isAbout ? (isUnsure ? '%' : '~') : isUnsure ? '?' : ''

/**
 * Whether an interval would run backwards. Compares the first day of `start` with the last of
 * `end`.
 */
const isAfter = (start: string, end: string): boolean =>
  start.padEnd(10, '-01') > end.padEnd(10, '-99')

interface DateBounds {
  now: Date
  /** The latest year that two digits can mean. */
  newestYear: number
}

/**
 * @param now today by the clock of the device; Tor Browser's is in UTC, nine hours behind Korea
 * @param yearsAhead how far ahead a year of two digits can be
 */
export function readDate(date: VagueDate, now: Date, yearsAhead = 0): ReadDate {
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
  const bounds = { now, newestYear: now.getFullYear() + yearsAhead }
  const [start, end] = [readParts(startOf(date), bounds), readParts(date.end, bounds)]
  const isInterval = date.choice === 'between'
  const isAll = start.isAll && (!isInterval || end.isAll)
  return {
    edtf: edtfOfParts(date.choice, start, end),
    unread: isAll ? null : wordsOf(date),
  }
}

function edtfOfParts(
  choice: Exclude<VagueDate['choice'], '' | 'unknown' | 'today' | 'yesterday'>,
  start: ReadParts,
  end: ReadParts,
): string | null {
  const [from, to] = [start, end].map((part) => part.iso && part.iso + qualifierOf(part))
  if (choice === 'between') {
    if (from === '' && to === '') return null
    // If the second day is before the first, they are exchanged.
    return start.iso !== '' && end.iso !== '' && isAfter(start.iso, end.iso)
      ? `${to}/${from}`
      : `${from}/${to}`
  }
  if (start.iso === '') return null
  const about = start.iso + qualifierOf({ ...start, isAbout: true })
  return { day: from, about_day: about, about_month: about, since: `${from}/..` }[choice] ?? null
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
