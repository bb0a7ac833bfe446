import { findEcho } from '../disclose/echoes.ts'
import { textsOf } from '../disclose/tip-texts.ts'
import { maxReplyChars } from '../files/bounds.ts'
import type { CaseView } from '../files/case-view.ts'
import { allPlaceNames, placeNames, placesIn } from '../places/find-place.ts'
import { findNamesOf } from './names-in-text.ts'

/** Something in an answer that anybody who holds the slip of paper would learn. */
export interface AnswerWarning {
  kind: 'name' | 'place' | 'number' | 'address' | 'link' | 'words'
  /** What was found, as spelled in the answer or in the gazetteer. */
  found: string
}

const maxOfOneKind = 10
/** Shorter numbers are counts of days or people. */
const minDigits = 3

const linkPattern =
  /\b(?:https?|ftp|tel|mailto|sms):\S+|\bwww\.\S+|(?<![\p{L}\p{N}@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:\/\S*)?/giu
const addressPattern = /[^\s@<>()"]*@[^\s@<>()"]{2,}/gu
/** Other ways to write, which an answer never names. */
const elsewherePattern =
  /\b(?:kakao\w*|wechat|weixin|telegram|whatsapp|signal|viber|skype|line id|facebook|instagram|e-?mail|phone number)\b|카카오\S*|카톡|텔레그램|위챗|전화번호|이메일|전자우편|번지|아파트|微信|电报|電報|电话号码|電話號碼|邮箱|電郵|街道|телеграм\S*|ватсап\S*|вотсап\S*|телефон\S*/giu
const titlePattern =
  /\b(?:mr|mrs|ms|miss|dr|rev|pastor)\.? +\p{Lu}[\p{L}'-]+|\p{Script=Hangul}{2,4} ?(?:씨|목사님?|선생님)(?!\p{Script=Hangul}{2})|\p{Script=Han}{1,3}(?:先生|女士|牧师|牧師)/giu
const numberPattern = /\p{Nd}(?:[\p{Nd}\s().+\-/:]*\p{Nd})?/gu

/**
 * What an answer should not say: names, places, numbers, addresses and words of the case, and
 * whatever looks like one in general. The list is a help and no proof: an analyst still reads the
 * answer.
 * @param tips every tip of the case.
 */
export function warningsOf(answer: string, tips: readonly CaseView[]): AnswerWarning[] {
  const text = answer.normalize('NFKC')
  const matches = (pattern: RegExp) => text.match(pattern) ?? []
  const list = (kind: AnswerWarning['kind'], found: readonly string[]): AnswerWarning[] =>
    [...new Set(found.map((each) => each.trim()))]
      .filter((each) => each !== '')
      .slice(0, maxOfOneKind)
      .map((each) => ({ kind, found: each }))
  return [
    ...list('name', [...findNamesOf(text, tips), ...matches(titlePattern)]),
    ...list('place', [
      ...placesIn(text, maxReplyChars)
        .filter((place) => allPlaceNames(place).some((name) => begins(text, name)))
        .map(placeNames),
      ...placesOfCase(text, tips),
    ]),
    ...list(
      'number',
      matches(numberPattern).filter((number) => isTelling(number, tips)),
    ),
    ...list('address', [...matches(addressPattern), ...matches(elsewherePattern)]),
    ...list('link', matches(linkPattern)),
    ...list('words', echoesOf(text, tips)),
  ]
}

/**
 * Whether a text contains a name. In Hangul the name must begin a word: 달라진 is not the town 라진. For
 * other scripts, `placesIn` has already checked that.
 */
function begins(text: string, name: string): boolean {
  if (!/^\p{Script=Hangul}/u.test(name)) return fold(text).includes(fold(name))
  return new RegExp(
    `(?<!\\p{Script=Hangul})${[...name.replace(/\s/gu, '')].join('\\s*')}`,
    'u',
  ).test(text)
}

function placesOfCase(text: string, tips: readonly CaseView[]): string[] {
  const folded = fold(text)
  return tips
    .flatMap(({ tip, original }) => [tip?.event, original?.event])
    .flatMap((event) => [event?.where_taken, event?.held_where])
    .flatMap((place) => [place?.text, place?.admin])
    .filter((name) => typeof name === 'string')
    .filter((name) => fold(name).length >= 2 && folded.includes(fold(name)))
}

/** A number of three digits or more, or a shorter one that the case knows, such as an age. */
function isTelling(number: string, tips: readonly CaseView[]): boolean {
  const digits = number.replace(/\P{Nd}/gu, '')
  if (digits.length >= minDigits) return true
  const numbers = tips.flatMap(({ tip, original }) =>
    [tip, original].flatMap(
      (each) =>
        (
          JSON.stringify([each?.persons, each?.event, each?.people_count, each?.narrative]) ?? ''
        ).match(/(?<!\d)\d{1,2}(?!\d)/gu) ?? [],
    ),
  )
  return digits.length >= 2 && numbers.some((known) => Number(known) === Number(digits))
}

function echoesOf(text: string, tips: readonly CaseView[]): string[] {
  const sources = tips.flatMap(({ original }) => textsOf(original).map(({ text: each }) => each))
  const echo = findEcho(text, sources)
  return echo === null ? [] : [echo]
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, '')
}
