import { foldTyped } from './read-number.ts'
import { readMonthName } from './read-date-part.ts'
import type { DateParts } from './vague-date.ts'

/** `2017-11-04`, `2017.11.4.`, `2017년 11월 4일`, `20171104`, `2017-11`. */
const yearFirst: readonly RegExp[] = [
  /^(?<year>\d{4})\s?[-./]\s?(?<month>\d{1,2})(?:\s?[-./]\s?(?<day>\d{1,2}))?$/u,
  /^(?<year>\S{2,6})\s?[년年]\s?(?<month>[^\s월月]{1,3})\s?[월月](?:\s?(?<day>[^\s일日号號]{1,3})\s?[일日号號])?$/u,
  /^(?<year>(?:19|20)\d{2})(?<month>0[1-9]|1[0-2])(?<day>0[1-9]|[12]\d|3[01])$/u,
]
/** `4 Nov 2017`, `November 4th, 2017`, `Nov 2017`; in the field of the month also `Nov 4`. */
const monthNamed: readonly RegExp[] = [
  /^(?:(?<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? )?(?<month>[a-z]{3,9}\.?),? ?(?<year>\d{4})?$/u,
  /^(?<month>[a-z]{3,9}\.?) (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?$/u,
]
const monthAndDay = /^(?<month>[^\s월月]{1,3})\s?[월月]\s?(?<day>[^\s일日号號]{1,3})\s?[일日号號]$/u

const partsIn = (expressions: readonly RegExp[], text: string): DateParts | null => {
  for (const expression of expressions) {
    const groups = expression.exec(text)?.groups
    if (groups !== undefined) return { year: '', month: '', day: '', ...definedIn(groups) }
  }
  return null
}

const definedIn = (groups: Readonly<Record<string, string | undefined>>): Partial<DateParts> =>
  Object.fromEntries(Object.entries(groups).filter(([, typed]) => typed !== undefined))

const withMonthName = (text: string): DateParts | null => {
  const parts = partsIn(monthNamed, text)
  return parts !== null && readMonthName(parts.month) !== null ? parts : null
}

/**
 * The parts of a date that was typed as a whole into the first of its fields. Other dates are
 * returned as they are. `4/11/2017` stays a text: which number is the month is not certain.
 */
export function splitDate(typed: DateParts): DateParts {
  const [year, month] = [foldTyped(typed.year), foldTyped(typed.month)]
  if (typed.day.trim() !== '') return typed
  if (month === '') {
    const whole = partsIn(yearFirst, year) ?? withMonthName(year)
    return whole === null || whole.year === '' ? typed : whole
  }
  const found = partsIn([monthAndDay], month) ?? withMonthName(month)
  return found === null || found.day === '' || found.year !== ''
    ? typed
    : { ...found, year: typed.year }
}
