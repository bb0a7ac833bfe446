import { toAsciiDigits } from '../../wire/ascii-digits.ts'

/**
 * Whole numbers as people write them in Korean, Chinese and English: `4`, `４`, `1,000`, `네`,
 * `서른 다섯`, `三十五`, `一百零二`, `thirty-five`. An uncertain reading is null, never a guess.
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
export const koreanOnes = {
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

/** Chinese characters, those for cheques too, and the Korean syllables that correspond to them. */
const characterDigits = new Map(
  [
    '零〇○영공',
    '一壹일',
    '二贰貳两兩이',
    '三叁參삼',
    '四肆사',
    '五伍오',
    '六陆陸육륙',
    '七柒칠',
    '八捌팔',
    '九玖구',
  ].flatMap((same, value) => [...same].map((character) => [character, value] as const)),
)
const characterUnits = new Map(
  ['십十拾', '백百佰', '천千仟'].flatMap((same, power) =>
    [...same].map((character) => [character, 10 ** (power + 1)] as const),
  ),
)
const digitClass = `[${[...characterDigits.keys()].join('')}]`

const either = (words: object): string => Object.keys(words).join('|')
const korean = new RegExp(`^(백)?\\s?(${either(koreanTens)})?\\s?(${either(koreanOnes)})?$`)
const english = new RegExp(
  `^(?:(?:(a|${either(englishOnes)})[- ])?(hundred|thousand)(?: and | |$))?(?:(${either(englishTeens)})|(${either(englishTens)})?[- ]?(${either(englishOnes)})?)$`,
)

const valueIn = (words: object, word: string | undefined): number =>
  word === undefined || word === '' ? 0 : ((words as Record<string, number>)[word] ?? 0)

function readKorean(text: string): number {
  const [, hundred, tens, ones] = korean.exec(text) ?? []
  return (hundred ? 100 : 0) + valueIn(koreanTens, tens) + valueIn(koreanOnes, ones)
}

/** 一百二 may be 102 or 120, and 百十 is about a hundred; the Korean 백이 and 백십 are certain. */
const uncertainHundreds = /[百千][一二三四五六七八九]$|[百千]十|[零〇○]$/u

/** One power of ten at a time, from the greatest: `二百五十`, `백이십`. */
function readCharacters(text: string): number {
  const plain = text.replace(/^廿/u, '二十').replace(/^卅/u, '三十').replace(/^卌/u, '四十')
  let total = 0
  let digit: number | null = null
  let smallest = 10_000
  for (const character of plain) {
    const unit = characterUnits.get(character)
    const value = characterDigits.get(character)
    if (unit !== undefined) {
      if (unit >= smallest || digit === 0) return 0
      total += (digit ?? 1) * unit
      smallest = unit
      digit = null
    } else if (value === undefined || (digit !== null && digit !== 0)) return 0
    else digit = value
  }
  return uncertainHundreds.test(plain) ? 0 : total + (digit ?? 0)
}

function readEnglish(text: string): number {
  const [whole, count, power, teen, tens, ones] = english.exec(text) ?? []
  if (whole === undefined) return 0
  const many =
    power === undefined
      ? 0
      : (valueIn(englishOnes, count) || 1) * (power === 'hundred' ? 100 : 1_000)
  return (
    many + valueIn(englishTeens, teen) + valueIn(englishTens, tens) + valueIn(englishOnes, ones)
  )
}

/**
 * Normalises typed text: full-width forms, other digits, capitals, and spaces and punctuation at
 * the ends.
 */
export const foldTyped = (typed: string): string =>
  toAsciiDigits(typed.normalize('NFKC'))
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[〜∼～]/gu, '~')
    .replace(/[‐‑‒–—―−]/gu, '-')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s"'“”‘’(（[]+|[\s"'“”‘’)）\].,。、，!?？！]+$/gu, '')

/** Words before a number that make it a guess, as a part of a regular expression. */
export const aboutWords =
  '약|대략|대충|about|around|approximately|approx\\.?|roughly|maybe|perhaps|~|≈|大约|大約|大概|约|約|差不多'

/** @param text normalised by `foldTyped` and without a unit */
export function readNumber(text: string): number | null {
  const compact = text.trim()
  if (/^(\d{1,6}|\d{1,3}(,\d{3})+)$/.test(compact)) return Number(compact.replaceAll(',', ''))
  if (/^(零|〇|영|공|zero)$/.test(compact)) return 0
  const value = readKorean(compact) || readCharacters(compact) || readEnglish(compact)
  return value === 0 ? null : value
}

const yearInDigits = new RegExp(`^${digitClass}{4}$`, 'u')
const shortYearInDigits = new RegExp(`^${digitClass}{2}$`, 'u')

/** Reads a year, also one whose digits are written one by one: `一九八五`, `八五`. */
function readYearNumber(text: string): { year: number; isShort: boolean } | null {
  const digits = [...text].map((character) => characterDigits.get(character) ?? '').join('')
  if (yearInDigits.test(text)) return { year: Number(digits), isShort: false }
  if (shortYearInDigits.test(text)) return { year: Number(digits), isShort: true }
  const year = readNumber(text)
  if (year === null) return null
  return { year, isShort: year <= 99 && !/\d{3}/.test(text) }
}

/** Year 1 of the calendars of North Korea (Juche) and of the Republic of China. */
export const yearsBeforeFirst = 1911

/** Reads a year and completes two digits to the latest such year not after `latestYear`. */
export function readWholeYear(text: string, latestYear: number): number | null {
  const read = readYearNumber(text)
  if (read === null) return null
  return read.isShort ? completeYear(read.year, latestYear) : read.year
}

/**
 * Completes a two-digit year: `17` is 2017 and `85` is 1985, the latest such year not after
 * `latestYear`.
 */
export function completeYear(digits: number, latestYear: number): number {
  const year = Math.floor(latestYear / 100) * 100 + digits
  return year > latestYear ? year - 100 : year
}
