import { koreanOnes, readNumber } from './read-number.ts'

/** Ages that are known only between two years. */
export interface AgeRange {
  is: 'range'
  /** Both in whole years. */
  from: number
  to: number
}

export const oldestYears = 125
const adultAge = 18

const range = (from: number | null | undefined, to: number | null | undefined): AgeRange | null =>
  from != null && to != null && from < to && to <= oldestYears ? { is: 'range', from, to } : null

export const yearUnit =
  '살|세|岁|歲|歳|周岁|周歲|years?[- ]old|years?|yrs?\\.?(?:[- ]old)?|y\\.?\\/?o\\.?|y'
const unitAfter = new RegExp(`\\s?(?:${yearUnit})$`, 'u')

/** A number of years with or without its unit. */
const readYears = (text: string | undefined): number | null =>
  // A hundred days, not a hundred and one.
  text === undefined || text === '백일'
    ? null
    : (readNumber(text) ?? readNumber(text.replace(unitAfter, '')))

export function readAgeRange(text: string): AgeRange | null {
  const [, inMonths] = monthRange.exec(text) ?? []
  if (inMonths !== undefined)
    return wholeYears(readNeighbours(`${inMonths}岁`) ?? readFromTo(inMonths))
  return (
    readNeighbours(text) ??
    readBound(text) ??
    readDecades(text) ??
    readFromTo(text) ??
    (/^(미성년자?|未成年人?|underage|under age|a minor|minor)$/u.test(text)
      ? range(0, adultAge - 1)
      : null)
  )
}

const monthRange = /^(.{2,12}?)\s?(?:개월|달|个月大?|個月大?|months?(?:[- ]old)?)$/u

/** `6~7개월`: under one year. */
const wholeYears = (months: AgeRange | null): AgeRange | null =>
  months === null ? null : range(Math.floor(months.from / 12), Math.floor(months.to / 12) + 1)

/** Korean words for two or three numbers in a row. Two whole words in a row are read as well. */
const pairs: Readonly<Record<string, readonly [from: number, to: number]>> = {
  한두: [1, 2],
  한둘: [1, 2],
  두어: [2, 3],
  두세: [2, 3],
  두서너: [2, 4],
  서너: [3, 4],
  서넛: [3, 4],
  네댓: [4, 5],
  너댓: [4, 5],
  너덧: [4, 5],
  댓: [5, 6],
  대여섯: [5, 6],
  예닐곱: [6, 7],
  일고여덟: [7, 8],
  엳아홉: [8, 9],
}
const ones = Object.keys(koreanOnes).join('|')
const korean = new RegExp(
  `^(열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)?\\s?(?:(${Object.keys(pairs).join('|')})|(${ones})(${ones}))(?:\\s?(?:살|세|岁))?$`,
  'u',
)
const chinese =
  /^([一二三四五六七八九]?十)?([一二两兩三四五六七八])([二两兩三四五六七八九])(?:个|個)?[岁歲]?$/u

/** Reads `서너 살`, `열두세 살`, `三四岁` and `十七八岁`: numbers that follow each other. */
function readNeighbours(text: string): AgeRange | null {
  const [, tensWord = '', pair, first, second] = korean.exec(text) ?? []
  const tens = readNumber(tensWord) ?? 0
  const found = pairs[pair ?? '']
  if (found !== undefined) return range(tens + found[0], tens + found[1])
  if (first !== undefined && second !== undefined) return inARow(tens, first, second)
  const [, ten = '', one, next] = chinese.exec(text) ?? []
  const isTyped = /[岁歲]$/u.test(text) || ten !== ''
  return one !== undefined && next !== undefined && isTyped
    ? inARow(readNumber(ten) ?? 0, one, next)
    : null
}

function inARow(tens: number, first: string, second: string): AgeRange | null {
  const [from, to] = [readNumber(first), readNumber(second)]
  return from !== null && to === from + 1 ? range(tens + from, tens + to) : null
}

const below: readonly RegExp[] = [
  /^(?:under|below|younger than|less than|not yet)\s?(.+)$/u,
  /^(?:未满|未滿|不满|不滿|不到|没到|沒到|还不到|還不到)\s?(.+)$/u,
  /^(.+?)\s?(?:미만|(?:가 |도 |이 )?안 ?[된됨돼]|이 ?못 ?된|不到|未满|未滿)$/u,
]
const atMost: readonly RegExp[] = [
  /^(?:at most|up to|최대|많아야|最多)\s?(.+)$/u,
  /^(.+?)\s?(?:이하|以下|or younger|or under|and under)$/u,
]
const atLeast: readonly RegExp[] = [
  /^(?:over|above|more than|older than|at least|past|최소한?|적어도|至少|最少|过了|過了|超过|超過|年过|年過)\s?(.+)$/u,
  /^(.+?)\s?(?:\+|plus|or (?:older|over|more|above)|and (?:over|older|above)|이상|(?:가 |이 )?넘[은음었]\S{0,3}|以上|开外|開外|出头|出頭|多岁以上)$/u,
]

/** `under 18`, `60살 이상`: one end is given. */
function readBound(text: string): AgeRange | null {
  const numberIn = (expressions: readonly RegExp[]): number | null => {
    for (const expression of expressions) {
      const years = readYears(expression.exec(text)?.[1])
      if (years !== null) return years
    }
    return null
  }
  const under = numberIn(below)
  if (under !== null) return range(0, under - 1)
  const most = numberIn(atMost)
  return most === null ? range(numberIn(atLeast), oldestYears) : range(0, most)
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
const chineseMore = '多|几|幾|来|來'
const decade = new RegExp(
  `^(.{1,7}?)\\s?(?:대|여|(?:${chineseMore})(?=[岁歲])|(?:${chineseMore})$|s|[- ]?something)\\s?(?:살|세|岁|歲)?$`,
  'u',
)

/** The ten that a word such as `30대`, `三十多岁` or `thirties` names. */
function readTens(text: string): number | null {
  const words = text
    .replace(/^(?:in )?(?:(?:his|her|their|the) )?(?:(?:early|mid|middle|late)[- ]?)?/u, '')
    .replace(/\s?(?:초반?|중반|후반|말)$/u, '')
  const english = englishDecades.indexOf(words)
  if (english !== -1) return 20 + 10 * english
  const tens = readNumber(decade.exec(words)?.[1] ?? '')
  return tens !== null && tens >= 10 && tens <= 90 && tens % 10 === 0 ? tens : null
}

function readDecades(text: string): AgeRange | null {
  if (/^(in (his|her|their) )?(teens|teenager|a teenager)$/.test(text)) return range(13, 19)
  const one = readTens(text)
  if (one !== null) return range(one, one + 9)
  const [, two] = /^([이삼사오육칠팔]{2})십\s?대$/u.exec(text) ?? []
  const [, chineseTwo] = /^([二三四五六七八九]{2})十[岁歲]?$/u.exec(text) ?? []
  const [first, second] = [...(two ?? chineseTwo ?? '')].map(readNumber)
  if (first != null && second === first + 1)
    return range(first * 10, second * 10 + (two === undefined ? 0 : 9))
  const [, from = '', to = ''] =
    /^(.{1,8}?)\s?(?:-|~|to|or|,|에서|부터)\s?(.{2,8})$/u.exec(text) ?? []
  const last = readTens(to)
  if (last === null) return null
  // `3~40대` and `30~40대` mean the same.
  const start = readTens(from) ?? readNumber(from)
  return start === null ? null : range(start < 10 ? start * 10 : start, last + 9)
}

function readFromTo(text: string): AgeRange | null {
  const [, first, second] =
    /^(?:between |from |介于)?(.{1,12}?)\s?(?:-|~|…|\.\.\.?|\/|to|or|and|或者?|还是|到|至|에서|부터|이?나|혹은|또는)\s?(.{1,12}?)(?:\s?사이|까지|之间|之間)?$/u.exec(
      text,
    ) ?? []
  return range(readYears(first), readYears(second)) ?? readListed(text)
}

/** `4,5살`: one or the other, if they follow each other. */
function readListed(text: string): AgeRange | null {
  const [, first, second] = /^([^,、]{1,6})[,、]\s?([^,、]{1,9})$/u.exec(text) ?? []
  const [from, to] = [readYears(first), readYears(second)]
  return from !== null && to === from + 1 ? range(from, to) : null
}
