import { readWholeYear, yearsBeforeFirst } from './read-number.ts'

/** Years of birth as people write them: `85년생`, `一九八五年出生`, `born in May 1985`, `주체74년생`. */

const firstBirthYear = 1900

const monthName =
  '(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|tember|ober)?\\.?'

/** `named` is the text of the year; it is a birth even if it has only two digits. */
const marked: readonly RegExp[] = [
  /^(.{2,8}?)\s?(?:년|年)\s?(?:(?:생|生|출생|出生|生人|生的|태어남|에 태어남)|\d{1,2}\s?[월月]\s?(?:\d{1,2}\s?[일日号號])?\s?(?:생|生|출생|出生)(?:人|的|자)?)$/u,
  /^(?:born(?: in| on)?|b\.?|year of birth|생년|출생 ?년도?|出生年份?)\s?:?\s?(?:\S+ ){0,2}?(\d{4}|\d{2})$/u,
]
/** Only with four digits: `85年` may also be a length of time. */
const alone: readonly RegExp[] = [
  /^(\d{4})\s?(?:년도?|年)?\s?(?:생|生|출생|出生)?$/u,
  /^(\d{4})(?:\s?[-./]\s?\d{1,2}){1,2}\.?$/u,
  /^(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u,
  /^\d{1,2}([-./])\d{1,2}\1(\d{4})$/u,
  /^(\d{4})\s?[년年]\s?\d{1,2}\s?[월月]\s?(?:\d{1,2}\s?[일日号號])?$/u,
  new RegExp(
    `^(?:born(?: in| on)? |b\\. )?(?:\\d{1,2}(?:st|nd|rd|th)? )?${monthName}(?: \\d{1,2}(?:st|nd|rd|th)?)?,? (\\d{4})$`,
    'u',
  ),
  /^(?:주체|주체 ?연호)\s?\d{2,3}\s?\((\d{4})\)\s?년?\s?(?:생|출생)?$/u,
  /^((?:[一二][零〇○一二三四五六七八九]{3})|천구백[가-힣]{1,5}?)\s?(?:년|年)?$/u,
]
const otherCalendar = /^(?:주체|民国|民國)\s?(\d{1,3})\s?(?:년|年)?\s?(?:생|生|출생|出生)?$/u

/** @returns the year; null if no year of birth is certain */
export function readBirthYear(text: string, thisYear: number): number | null {
  const other = otherCalendar.exec(text)?.[1]
  if (other !== undefined) return ifPast(yearsBeforeFirst + Number(other), thisYear)
  const year = firstGroup(marked, text) ?? firstGroup(alone, text)
  return year === null ? null : ifPast(readWholeYear(year, thisYear), thisYear)
}

const ifPast = (year: number | null, thisYear: number): number | null =>
  year !== null && year >= firstBirthYear && year <= thisYear ? year : null

const firstGroup = (expressions: readonly RegExp[], text: string): string | null => {
  for (const expression of expressions) {
    const found = expression
      .exec(text)
      ?.slice(1)
      .findLast((group) => group !== undefined)
    if (found !== undefined) return found
  }
  return null
}

/** The first of ten years of birth: `80后`, `80년대생`, `1980s`, `born in the 80s`. */
export function readBirthDecade(text: string, thisYear: number): number | null {
  const [, before, after, four] =
    /^(?:(.{2,5}?)\s?(?:后|後|년대\s?생)|born in (?:the )?(\d{2}|\d{4})s|(\d{4})s)$/u.exec(text) ??
    []
  const decade = readWholeYear(before ?? after ?? four ?? '', thisYear)
  return decade !== null && decade % 10 === 0 ? ifPast(decade, thisYear) : null
}
