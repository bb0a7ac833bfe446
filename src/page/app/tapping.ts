import { deniedIndexes } from '../../thread/denied-indexes.ts'
import type { PageWordList } from './word-lists/word-list.ts'

/** How far a person has come in choosing one word by tapping. */
export interface Tapping {
  readonly letter: string | null
  readonly start: string | null
}

export const notTapped: Tapping = { letter: null, start: null }

/** With this many words or fewer, they are shown at once after the first letter. */
const maxWordsAtOnce = 24

interface Place {
  word: string
  letter: string
  start: string
}

/**
 * Denied words are never drawn, so they are not offered either: somebody may look at the screen.
 */
const placesIn = ({ table, keysOf }: PageWordList): Place[] =>
  table.words.flatMap((word, index) =>
    deniedIndexes.has(index) ? [] : keysOf(word, index).map((key) => ({ word, ...key })),
  )

const sorted = (list: readonly string[]): string[] => [...new Set(list)].sort()

/** What to choose from now. */
export type TapStep =
  | { at: 'letter'; choices: readonly string[] }
  | { at: 'start'; choices: readonly string[] }
  | { at: 'word'; choices: readonly string[] }

export function nextStep(list: PageWordList, { letter, start }: Tapping): TapStep {
  const places = placesIn(list)
  if (letter === null) return { at: 'letter', choices: sorted(places.map((place) => place.letter)) }
  const below = places.filter((place) => place.letter === letter)
  if (start === null && below.length > maxWordsAtOnce)
    return { at: 'start', choices: sorted(below.map((place) => place.start)) }
  const words = start === null ? below : below.filter((place) => place.start === start)
  return { at: 'word', choices: sorted(words.map(({ word }) => word)) }
}

/** @returns the word when it has been chosen, else how far the person has come */
export function tapOn(
  list: PageWordList,
  tapping: Tapping,
  choice: string,
): { word: string } | { tapping: Tapping } {
  const { at } = nextStep(list, tapping)
  if (at === 'word') return { word: choice }
  return { tapping: { ...tapping, [at]: choice } }
}
