import { toAsciiDigits } from '../../wire/ascii-digits.ts'

/**
 * Whole numbers as people write them in Korean, Chinese and English: `4`, `４`, `네`, `서른다섯`, `三十五`,
 * `thirty-five`. An uncertain reading is null, never a guess.
 */

const koreanTens = {
  아흔: 90,
  여든: 80,
  일흔: 70,
  예순: 60,
  쉰: 50,
  마흔: 40,
  서른: 30,
  스물: 20,
  스무: 20,
  열: 10,
}
const koreanOnes = {
  하나: 1,
  한: 1,
  둘: 2,
  두: 2,
  셋: 3,
  세: 3,
  석: 3,
  넷: 4,
  네: 4,
  넉: 4,
  다섯: 5,
  여섯: 6,
  일곱: 7,
  여덟: 8,
  아홉: 9,
}
const characterOnes = {
  일: 1,
  이: 2,
  삼: 3,
  사: 4,
  오: 5,
  육: 6,
  륙: 6,
  칠: 7,
  팔: 8,
  구: 9,
  一: 1,
  二: 2,
  两: 2,
  兩: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}
const englishTens = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
}
const englishOnes = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
}
const englishTeens = {
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
}

const either = (words: object): string => Object.keys(words).join('|')
const korean = new RegExp(`^(${either(koreanTens)})?(${either(koreanOnes)})?$`)
const character = new RegExp(
  `^(?:([${Object.keys(characterOnes).join('')}]?)[십十]|(廿)|(卅))?([${Object.keys(characterOnes).join('')}]?)$`,
)
const english = new RegExp(
  `^(?:(${either(englishTeens)})|(${either(englishTens)})?[- ]?(${either(englishOnes)})?)$`,
)

const valueIn = (words: object, word: string | undefined): number =>
  word === undefined || word === '' ? 0 : ((words as Record<string, number>)[word] ?? 0)

function readKorean(text: string): number {
  const [, tens, ones] = korean.exec(text) ?? []
  return valueIn(koreanTens, tens) + valueIn(koreanOnes, ones)
}

/** Reads numbers in Chinese characters and in the Korean syllables that correspond to them. */
function readCharacters(text: string): number {
  const match = character.exec(text)
  if (match === null) return 0
  const [whole, before, twenty, thirty, ones] = match
  const tens = /[십十]/.test(whole) ? 10 * (valueIn(characterOnes, before) || 1) : 0
  return tens + (twenty ? 20 : 0) + (thirty ? 30 : 0) + valueIn(characterOnes, ones)
}

function readEnglish(text: string): number {
  const [, teen, tens, ones] = english.exec(text) ?? []
  return valueIn(englishTeens, teen) + valueIn(englishTens, tens) + valueIn(englishOnes, ones)
}

/**
 * Normalises typed text: full-width forms, other digits, capitals, and spaces and punctuation at
 * the ends.
 */
export const foldTyped = (typed: string): string =>
  toAsciiDigits(typed.normalize('NFKC'))
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/^[\s"'“”‘’(（[]+|[\s"'“”‘’)）\].,。、，!?？！]+$/gu, '')

/** @param text normalised by `foldTyped` and without a unit */
export function readNumber(text: string): number | null {
  const compact = text.trim()
  if (/^\d{1,6}$/.test(compact)) return Number(compact)
  if (/^(零|〇|영|zero)$/.test(compact)) return 0
  const value = readKorean(compact) || readCharacters(compact) || readEnglish(compact)
  return value === 0 ? null : value
}

/** Reads a number of people, such as `다섯 명`, `五个人` or `5 people`. Null when it is not certain. */
export function readCount(typed: string, maximum: number): number | null {
  const text = foldTyped(typed).replace(
    /\s*(명|분|사람|名|个人|個人|个|個|人|口|people|persons?)$/u,
    '',
  )
  const value = readNumber(text)
  return value !== null && value <= maximum ? value : null
}

/**
 * Completes a two-digit year: `17` is 2017 and `85` is 1985, the latest such year not in the
 * future.
 */
export function completeYear(digits: number, thisYear: number): number {
  const year = Math.floor(thisYear / 100) * 100 + digits
  return year > thisYear ? year - 100 : year
}
