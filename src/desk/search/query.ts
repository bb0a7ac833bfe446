import { foldForSearch } from './fold.ts'

const maxWords = 20
const maxWordCharacters = 100
const maxNameWords = 4
/** The code of a name written as one word is longer than that of most words. */
const minSingleCode = 6

/** Words of the query, and which of them may be a name in another spelling or script. */
export interface Query {
  words: readonly string[]
  names: readonly PossibleName[]
}

interface PossibleName {
  start: number
  end: number
  keys: readonly string[]
}

/** What a search looks through: text folded by `foldForSearch`, and `tellingKeys` of names. */
export interface Searched {
  text: string
  keys: readonly string[]
}

/**
 * The one search of the desk: `tumen case list --search`, `tumen desk` and the casebook's pages use
 * it. Every word has to be in the text, also as part of a longer word, or belong to a name that a
 * person has in another spelling or script. An empty query finds everything.
 */
export function isFound({ words, names }: Query, { text, keys }: Searched): boolean {
  const missing = words.flatMap((word, position) => (text.includes(word) ? [] : [position]))
  if (missing.length === 0) return true
  const found = names.filter((name) => name.keys.some((key) => keys.includes(key)))
  return missing.every((position) =>
    found.some(({ start, end }) => start <= position && position < end),
  )
}

/** Reads what was typed. Words beyond the 20th, and the end of overlong words, are ignored. */
export function readQuery(typed: string, nameKeys: (text: string) => readonly string[]): Query {
  const words = foldForSearch(typed)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, maxWords)
    .map((word) => [...word].slice(0, maxWordCharacters).join(''))
  const names = words.flatMap((_, start) =>
    Array.from({ length: Math.min(maxNameWords, words.length - start) }, (_each, more) => {
      const end = start + more + 1
      return { start, end, keys: tellingKeys(nameKeys(words.slice(start, end).join(' '))) }
    }),
  )
  return { words, names: names.filter(({ keys }) => keys.length > 0) }
}

/**
 * The keys that tell people apart: of a surname with a given name, or of a whole name written as
 * one word. A given name alone would match too many people.
 */
export function tellingKeys(keys: readonly string[]): string[] {
  return keys.filter(
    (key) => /^[^ =]\S* \S/u.test(key) || (key.startsWith(' ') && key.length > minSingleCode),
  )
}
