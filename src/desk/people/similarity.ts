import { printable } from '../view/printable.ts'
import { nameKeys } from './name-keys.ts'

/** How alike two names are, from 0 to 1, and in which way. */
export interface NameSimilarity {
  score: number
  why: string
}

/** Below this two names are not shown side by side. */
export const alikeScore = 0.6

export function nameSimilarity(one: string, other: string): NameSimilarity {
  const [a, b] = [plain(one), plain(other)]
  if (a === '' || b === '') return { score: 0, why: 'a name is missing' }
  if (a === b) return { score: 1, why: 'the same name' }
  return keySimilarity(nameKeys(one), nameKeys(other))
}

export function keySimilarity(one: readonly string[], other: readonly string[]): NameSimilarity {
  if (one.some((key) => other.includes(key) && !key.startsWith(' '))) return { score: 0.9, why: 'the same name in another spelling or script' }
  if (one.some((key) => other.includes(key))) return { score: 0.7, why: 'the same single name' }
  const nearest = Math.max(0, ...one.flatMap((key) => other.map((each) => nearness(key, each))))
  return nearest >= 0.8 ? { score: 0.6 * nearest + 0.1, why: 'nearly the same sound' } : { score: 0, why: 'other names' }
}

/** Of two codes with the same surname: one minus the edits over the length. */
function nearness(one: string, other: string): number {
  const [surname = '', given = ''] = one.split(' ')
  const [otherSurname = '', otherGiven = ''] = other.split(' ')
  if (surname !== otherSurname || surname === '' || given.length < 4 || otherGiven.length < 4) return 0
  return 1 - editDistance(given, otherGiven) / Math.max(given.length, otherGiven.length)
}

/** Levenshtein; codes have a few dozen letters. */
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
  return printable(text.normalize('NFKC')).toLowerCase().replace(/[\s-]+/gu, '')
}
