import { plain } from './provenance.ts'

/** Shorter matches are ordinary words: a date, a town, a family name and a given name. */
export const minEchoCharacters = 8

/** A wording of an analyst that repeats the source's. */
export interface Echo {
  path: string
  /** The longest sequence of characters that both have in common, ignoring case. */
  run: string
}

/**
 * The longest sequence of eight or more characters that `text` shares with one of the source's
 * texts, or null. Linear in the length of all texts.
 */
export function findEcho(text: string, sourceTexts: readonly string[]): string | null {
  const said = [...plain(text)]
  const longest = sourceTexts
    .map((source) => longestRun(said, [...plain(source)]))
    .reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest === '' ? null : longest
}

function longestRun(said: readonly string[], source: readonly string[]): string {
  const windows = new Set<string>()
  for (let at = 0; at + minEchoCharacters <= source.length; at += 1)
    windows.add(source.slice(at, at + minEchoCharacters).join(''))
  let start = 0
  let longest: readonly [start: number, end: number] = [0, 0]
  for (let at = 0; at + minEchoCharacters <= said.length; at += 1) {
    const end = at + minEchoCharacters
    if (!windows.has(said.slice(at, end).join(''))) start = at + 1
    else if (end - start > longest[1] - longest[0]) longest = [start, end]
  }
  return said
    .slice(...longest)
    .join('')
    .trim()
}
