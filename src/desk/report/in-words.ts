import type { Place } from '../../tip/event.ts'
import type { ReportWords } from './words/words.ts'

/** The name of a country in the report's language; an unknown code stays as it is. */
export function countryIn({ language }: ReportWords, code: string): string {
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'code' }).of(code) ?? code
}

/** An EDTF date (src/tip/edtf.ts) in words. */
export function dateIn(words: ReportWords, edtf: string | null | undefined): string | null {
  if (edtf === null || edtf === undefined) return null
  if (edtf === 'unknown') return words.dates.unknown
  const [from = '', to] = edtf.split('/')
  if (to === undefined) return pointIn(words, from)
  if (to === '' || to === '..') return words.dates.since(pointIn(words, from))
  if (from === '' || from === '..') return words.dates.until(pointIn(words, to))
  return words.dates.between(pointIn(words, from), pointIn(words, to))
}

function pointIn(words: ReportWords, point: string): string {
  const bare = point.replace(/[?~%]$/u, '')
  const date = dayIn(words, bare)
  if (point.endsWith('~')) return words.dates.about(date)
  if (point.endsWith('?')) return words.dates.perhaps(date)
  return point.endsWith('%') ? words.dates.perhaps(words.dates.about(date)) : date
}

/** `2017-11-04`, `2017-11` or `2017` in words, no more exact than given. */
export function dayIn({ language }: ReportWords, day: string): string {
  const [year = '', month, date] = day.split('-')
  if (month === undefined) return year
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    year: 'numeric',
    month: 'long',
    ...(date === undefined ? {} : { day: 'numeric' }),
    timeZone: 'UTC',
  })
  return format.format(new Date(`${year}-${month}-${date ?? '01'}T00:00:00Z`))
}

/** The place as written, then its province and country: `선양, Liaoning, China`. */
export function placeIn(words: ReportWords, place: Place | null | undefined): string | null {
  const parts = [
    place?.text,
    place?.admin,
    place?.country ? countryIn(words, place.country) : null,
  ].filter((part) => part !== null && part !== undefined && part !== '')
  return parts.length === 0 ? null : parts.join(', ')
}

export function rangeIn(words: ReportWords, { min, max }: { min: number; max: number }): string {
  return min === max ? String(min) : words.range(String(min), String(max))
}

/** An age in whole years; for a baby, "under one year" instead of 0. */
export function ageIn(words: ReportWords, age: { min: number; max: number }): string {
  if (age.max === 0) return words.underOneYear
  return age.min === 0
    ? words.range(words.underOneYear, words.age(String(age.max)))
    : words.age(rangeIn(words, age))
}
