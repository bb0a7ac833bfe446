import type { Day } from '../time/day.ts'
import { TipError } from './errors.ts'

/**
 * Sixty lines of our own instead of the `edtf` package, which only the tests use for comparison.
 * The package is an Earley parser of 100 kB that returns `Date` objects (an open end is an invalid
 * date, an unknown end is 1970) and accepts 29 February 2017. A tip needs calendar days, a regular
 * expression that can be used in the JSON Schema, and an answer in linear time for any text.
 */

export interface EdtfRange {
  /** The first possible day; null if open or unknown. */
  earliest: Day | null
  /** The last possible day; null if open or unknown. */
  latest: Day | null
  /** `~` or `%` at either end. */
  approximate: boolean
  /** `?` or `%` at either end. */
  uncertain: boolean
}

const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const day =
  '(?:\\d{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])' +
  '|\\d{4}-(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)' +
  '|\\d{4}-02-(?:0[1-9]|1\\d|2[0-8])' +
  `|${leapYear}-02-29)`
const date = `(?:${day}|\\d{4}-(?:0[1-9]|1[0-2])|\\d{4})[?~%]?`

/**
 * The pattern of the JSON Schema: EDTF level 0 and 1 dates with the precision of a day, month or
 * year, qualified as a whole; intervals with open (`..`) or unknown (empty) ends; or the code
 * `unknown`. It checks everything except that an interval's end does not precede its start.
 */
export const edtfPattern = `^(?:unknown|${date}|${date}/(?:${date}|\\.\\.)?|(?:\\.\\.)?/${date})$`

const edtfExpression = new RegExp(edtfPattern, 'u')
/** The length of two qualified days and a slash. */
export const maxEdtfChars = 23

const lastDayOfMonth = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const firstDay = (end: string): Day | null => {
  if (end === '' || end === '..') return null
  const bare = end.replace(/[?~%]$/u, '')
  return bare + '-01-01'.slice(bare.length - 4)
}

const lastDay = (end: string): Day | null => {
  if (end === '' || end === '..') return null
  const bare = end.replace(/[?~%]$/u, '')
  if (bare.length === 10) return bare
  const month = bare.length === 7 ? bare : `${bare}-12`
  return `${month}-${lastDayOfMonth(Number(month.slice(0, 4)), Number(month.slice(5)))}`
}

const refuse = (reason: string): never => {
  throw new TipError(
    'DATE_INVALID',
    `${reason}; write 2017-11-04, 2017-11, 2017, with ~ for about or ? for unsure, a/b for between, a/.. or ../b for an open end`,
  )
}

/**
 * @param text an EDTF date or interval of the subset above, or `unknown`
 * @throws TipError `DATE_INVALID` for any other text; no other error.
 */
export function parseEdtf(text: string): EdtfRange {
  if (text.length > maxEdtfChars || !edtfExpression.test(text))
    return refuse('not a date in a supported form')
  const known = text === 'unknown' ? '' : text
  const [start = '', end = start] = known.split('/')
  const earliest = firstDay(start)
  const latest = lastDay(end)
  if (earliest !== null && latest !== null && earliest > latest)
    return refuse('the end is before the start')
  return { earliest, latest, approximate: /[~%]/u.test(known), uncertain: /[?%]/u.test(known) }
}

/** Whether `parseEdtf` accepts the text. */
export function isEdtf(text: string): boolean {
  try {
    parseEdtf(text)
    return true
  } catch {
    return false
  }
}
