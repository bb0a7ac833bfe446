import type { ageReckonings } from '../../tip/codes.ts'
import { readVagueRange } from './read-vague-range.ts'
import { completeYear, foldTyped, readNumber } from './read-number.ts'

/** What an age says for certain. The typed words are always included in the tip as well. */
export type ReadAge =
  | { is: 'age'; value: number; unit: 'years' | 'months'; reckoning: Reckoning | '' }
  /** `from` and `to` in whole years, as in `30대`, `thirties` or `30-35`. */
  | { is: 'range'; from: number; to: number }
  /** A year of birth. */
  | { is: 'born'; year: number }

type Reckoning = Extract<(typeof ageReckonings)[number], 'international' | 'counting'>

const oldestYears = 125
const firstBirthYear = 1900

const about =
  /^(약|대략|아마|한|about|around|approximately|approx\.?|roughly|maybe|perhaps|ca\.?|~|≈|大约|大約|大概|约|約|差不多|可能)\s*/u
const aboutAfter = /\s*(쯤|정도|가량|안팎|左右|上下|or so|ish|\?)$/u

const yearUnits = /^(살|세|岁|歲|歳|周岁|周歲|years? old|years?|yrs?\.?( old)?|y\/?o|y|돌)$/u
const monthUnits = /^(개월|달|个月|個月|个月大|個月大|months?( old)?|mos?\.?)$/u
const weekUnits = /^(주|周|星期|个星期|weeks?( old)?)$/u
const newborn = /^(신생아|갓난아기|갓난애|갓난아이|新生儿|新生兒|刚出生|剛出生|newborn( baby)?)$/u

/** @param now the current day; a year of birth must not be after it */
export function readAge(typed: string, now: Date): ReadAge | null {
  // The sign that a year is shortened would be lost with the punctuation.
  const [, shortYear] = /^\s*['‘’](\d{2})\s*$/u.exec(typed) ?? []
  if (shortYear !== undefined)
    return { is: 'born', year: completeYear(Number(shortYear), now.getFullYear()) }
  const text = withoutLabels(foldTyped(typed))
  if (text === '') return null
  return readPlain(text, now) ?? readPlain(withoutAbout(text), now)
}

/** Words around an age that say nothing more about it. */
function withoutLabels(text: string): string {
  return text
    .replace(/^(?:나이[는가]?|생후|年[龄齡]|aged?|출생|생년|year of birth)\s?:?\s+?(?=\S)/u, '')
    .replace(/^(생후|年[龄齡])(?=\S)/u, '')
    .replace(
      /(?<=[월달살세돌주일岁歲月]|old)\s?(?:된 아기|아기|아이|남자|여자|남아|여아|的孩子|的婴儿|\sbaby|\sman|\swoman)$/u,
      '',
    )
    .replace(/^(?:a )?(\d{1,3})[- ](year|month|week)s?[- ]old$/, '$1 $2s')
}

function withoutAbout(text: string): string {
  return text.replace(about, '').replace(aboutAfter, '').trim()
}

function readPlain(text: string, now: Date): ReadAge | null {
  if (newborn.test(text)) return { is: 'age', value: 0, unit: 'months', reckoning: '' }
  return (
    readBirthYear(text, now) ??
    readVagueRange(text) ??
    readRange(text) ??
    readHalves(text) ??
    readDays(text) ??
    readWithUnit(text)
  )
}

/** A child of a hundred days, 백일, is a fixed expression. */
function readDays(text: string): ReadAge | null {
  if (text === '백일') return months(3)
  const [, days] = /^(\d{1,3})\s?(?:일|天|days?(?: old)?)$/u.exec(text) ?? []
  return days === undefined ? null : months(Math.floor(Number(days) / 30))
}

function readBirthYear(text: string, now: Date): ReadAge | null {
  const [, before, after, alone] =
    /^(?:(\d{4}|\d{2})(?:년?\s?생|年(?:生|出生|生人|生的))|(?:born(?: in)?|b\.)\s?(\d{4})|(\d{4})(?:年?(?:生|出生|生人|生的)?|년?\s?(?:출생|태어남)|[-./]\d{1,2}[-./]\d{1,2}|[년年]\s?\d{1,2}[월月]\s?(?:\d{1,2}[일日])?\s?(?:생|生|出生)?))$/u.exec(
      text,
    ) ?? []
  const digits = before ?? after ?? alone
  if (digits === undefined) return null
  const thisYear = now.getFullYear()
  const year = digits.length === 4 ? Number(digits) : completeYear(Number(digits), thisYear)
  return year >= firstBirthYear && year <= thisYear ? { is: 'born', year } : null
}

const englishDecades = [
  'twenties',
  'thirties',
  'forties',
  'fifties',
  'sixties',
  'seventies',
  'eighties',
  'nineties',
]

function readRange(text: string): ReadAge | null {
  const [, tens] =
    /^(?:(?:early|mid|late)[- ])?(.{1,4}?)\s?(?:대|多岁|多歲|几岁|幾歲|来岁|來歲|s)(?:\s?(?:초반|중반|후반))?$/u.exec(
      text,
    ) ?? []
  const decade = tens === undefined ? null : readNumber(tens)
  if (decade !== null && decade >= 10 && decade <= 90 && decade % 10 === 0)
    return { is: 'range', from: decade, to: decade + 9 }
  const english = englishDecades.findIndex((word) => text.endsWith(word))
  if (english !== -1 && /^(in (his|her|their) )?((early|mid|late)[- ])?\w+$/.test(text))
    return { is: 'range', from: 20 + 10 * english, to: 29 + 10 * english }
  if (/^(in (his|her|their) )?(teens|teenager)$/.test(text))
    return { is: 'range', from: 13, to: 19 }
  const [, first, second] =
    /^(.{1,12}?)\s?(?:-|~|–|—|to|or|到|至|에서|부터)\s?(.{1,12}?)\s?(?:살|세|岁|歲|years?( old)?)?(?:\s?사이|까지)?$/u.exec(
      text,
    ) ?? []
  const [from, to] = [first, second].map((part) =>
    readNumber(part?.replace(/[살세岁歲]$/u, '') ?? ''),
  )
  return from != null && to != null && from < to && to <= oldestYears
    ? { is: 'range', from, to }
    : null
}

/** Reads ages with halves, such as `半岁`, `一岁半`, `두 살 반`, `2.5` or `2½`, in months. */
function readHalves(text: string): ReadAge | null {
  if (/^(半岁|半歲|반살|반 살|half a year( old)?)$/u.test(text)) return months(6)
  const [, whole] =
    /^(.{1,12}?)(?:\s?(?:岁|歲|살|세)\s?(?:半|반)|\s?and a half( years?( old)?)?|\.5|1⁄2)(?:\s?(?:살|세|岁|歲|years?( old)?))?$/u.exec(
      text,
    ) ?? []
  const years = whole === undefined ? null : readNumber(whole)
  return years === null || years > oldestYears ? null : months(years * 12 + 6)
}

const months = (value: number): ReadAge => ({ is: 'age', value, unit: 'months', reckoning: '' })

const ageWithUnit =
  /^(.+?)\s?(살|세|岁|歲|歳|周岁|周歲|years? old|years?|yrs?\.?(?: old)?|y\/?o|y|돌|개월|달|个月大?|個月大?|months?(?: old)?|mos?\.?|주|周|星期|个星期|weeks?(?: old)?)$/u

function readWithUnit(text: string): ReadAge | null {
  const [, marked, body = text] =
    /^(만|周岁|虚岁|虛歲|우리 ?나이로?|세는 ?나이로?)\s?(.+)$/u.exec(text) ?? []
  // "thirty" ends in what looks like a unit, so the text is first read as a whole.
  const isBare = readNumber(body) !== null
  const [, number = body, unit = ''] = isBare ? [] : (ageWithUnit.exec(body) ?? [])
  const isOne = /^(a|an)$/.test(number)
  const value = isOne && unit !== '' ? 1 : readNumber(number)
  if (value === null) return null
  if (weekUnits.test(unit)) return months(Math.floor((value * 7) / 30))
  if (monthUnits.test(unit)) return value <= oldestYears * 12 ? months(value) : null
  if (unit !== '' && !yearUnits.test(unit)) return null
  return value <= oldestYears
    ? { is: 'age', value, unit: 'years', reckoning: reckoningOf(marked, unit) }
    : null
}

/**
 * How years are counted. Korean 만 and Chinese 周岁 count birthdays; 虚岁 and 세는 나이 start at one at
 * birth.
 */
function reckoningOf(mark: string | undefined, unit: string): Reckoning | '' {
  if (mark === '만' || mark === '周岁' || /^周[岁歲]$/u.test(unit)) return 'international'
  return mark === undefined ? '' : 'counting'
}
