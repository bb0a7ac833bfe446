import { printable } from '../text/printable.ts'
import { mandarinKeys, nameKeys } from './name-keys.ts'
import { hangulLetters } from './romanise.ts'

/** The similarity of two names, from 0 to 1, with its reason. */
export interface NameSimilarity {
  score: number
  why: string
}

/** Two names with a lower score are not shown as similar. */
export const alikeScore = 0.6

/** A name with its keys computed once, because it is compared with many others. */
export interface ReadyName {
  text: string
  plain: string
  keys: readonly string[]
  /** Keys of the spellings that a Chinese office may use. */
  mandarin: readonly string[]
  /** The letters of the name in Hangul; empty for a name in another script. */
  hangul: string
  isHan: boolean
}

export function readyName(text: string): ReadyName {
  const shown = plain(text)
  const hangul = hangulLetters(shown)
  return {
    text,
    plain: shown,
    keys: nameKeys(text),
    mandarin: mandarinKeys(text),
    hangul,
    isHan: hangul === '' && /\p{Script=Han}/u.test(shown),
  }
}

export function nameSimilarity(one: string, other: string): NameSimilarity {
  return readySimilarity(readyName(one), readyName(other))
}

export function readySimilarity(one: ReadyName, other: ReadyName): NameSimilarity {
  if (one.plain === '' || other.plain === '') return { score: 0, why: 'a name is missing' }
  if (one.plain === other.plain) return { score: 1, why: 'the same name' }
  // Within one script the letters are exact: 김선 is not 김순, 王建国 is not 王建军.
  if (one.hangul !== '' && other.hangul !== '')
    return one.hangul === other.hangul
      ? { score: 0.9, why: anotherSpelling }
      : { score: 0, why: 'other names' }
  const found = keySimilarity(one.keys, other.keys, { isNearEnough: !(one.isHan && other.isHan) })
  const isMandarin =
    found.score === 0 && (shares(one.mandarin, other.keys) || shares(other.mandarin, one.keys))
  return isMandarin ? { score: 0.65, why: 'perhaps the Mandarin reading of the name' } : found
}

const anotherSpelling = 'the same name in another spelling or script'
const shares = (ones: readonly string[], others: readonly string[]) =>
  ones.some((key) => others.includes(key))

export function keySimilarity(
  one: readonly string[],
  other: readonly string[],
  { isNearEnough = true } = {},
): NameSimilarity {
  if (one.some((key) => other.includes(key) && !key.startsWith(' ')))
    return { score: 0.9, why: anotherSpelling }
  if (shares(one, other)) return { score: 0.7, why: 'the same single name' }
  if (!isNearEnough) return { score: 0, why: 'other names' }
  const nearest = Math.max(0, ...one.flatMap((key) => other.map((each) => nearness(key, each))))
  return nearest >= 0.8
    ? { score: 0.6 * nearest + 0.1, why: 'nearly the same sound' }
    : { score: 0, why: 'other names' }
}

/** For two codes with the same surname: one minus the edit distance divided by the length. */
function nearness(one: string, other: string): number {
  const [surname = '', given = ''] = one.split(' ')
  const [otherSurname = '', otherGiven = ''] = other.split(' ')
  if (surname !== otherSurname || surname === '' || given.length < 4 || otherGiven.length < 4)
    return 0
  return 1 - editDistance(given, otherGiven) / Math.max(given.length, otherGiven.length)
}

/** Levenshtein distance. Codes have at most a few dozen letters. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

function plain(text: string): string {
  return printable(text.normalize('NFKC'))
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, '')
}
