import { ThreadError } from './errors.ts'
import { divideWords, wordsAtBeginning } from './segment.ts'
import { secretOfIndexes, wordIndexesOf, wordsPerThread } from './word-indexes.ts'
import type { WordLanguage, WordTable } from './word-table.ts'
import { findPosition, foldWord } from './word-table.ts'

// The page loads the table of one language at a time: `english-table.ts` and its neighbours hold
// one list each. `words.ts` has the same functions over all three.

/** Twelve words of at most eight letters, in any normal form, with numbers and line ends. */
export const maxWordsChars = 1024

export interface ReadWords {
  secret: Uint8Array
  language: WordLanguage
}

/** The twelve words of a secret in the language of the table. */
export function renderWords(table: WordTable, secret: Uint8Array): string[] {
  return wordIndexesOf(secret).map((index) => table.words[index] ?? '')
}

/** The entry of the list that a person means, or null. */
export function findWordIn(table: WordTable, entry: string): string | null {
  const index = findPosition(table, entry)
  return index === null ? null : (table.words[index] ?? null)
}

/** The language of the list in which a text seems to be written, by its letters. */
export function wordLanguageOfText(text: string): WordLanguage {
  const folded = foldWord(text)
  const count = (pattern: RegExp) => folded.match(pattern)?.length ?? 0
  const hangul = count(/\p{Script=Hangul}/gu)
  const han = count(/\p{Script=Han}/gu)
  const latin = count(/\p{Script=Latin}/gu) / 4
  if (hangul > 0 && hangul >= han && hangul >= latin) return 'ko'
  return han > 0 && han >= latin ? 'zh' : 'en'
}

/**
 * Reads twelve words as a person wrote them: with or without blanks, in any normal form and case,
 * numbered or not. A list must have one word an entry.
 * @throws ThreadError, with the position of the word where it is known.
 */
export function readWordsWith(table: WordTable, text: string | readonly string[]): ReadWords {
  const entries = typeof text === 'string' ? entriesOf(text) : text.map(cleanEntry)
  if (entries.join('').length > maxWordsChars) throw countProblem()
  const isSeparated =
    typeof text !== 'string' ||
    entries.length === wordsPerThread ||
    entries.every((entry) => findPosition(table, entry) !== null)
  const secret = isSeparated
    ? secretOfEntries(table, entries)
    : secretOfRun(table, entries.join(''))
  if (secret !== null) return { secret, language: table.language }
  throw isSeparated ? problemOfEntries(table, entries) : problemOfRun(table, entries.join(''))
}

/** The letters of each entry: blanks, punctuation and numbers stand between entries. */
function entriesOf(text: string): string[] {
  if (text.length > maxWordsChars) throw countProblem()
  return text
    .normalize('NFKC')
    .split(/[^\p{L}\p{M}\p{Default_Ignorable_Code_Point}]+/u)
    .map(foldWord)
    .filter((entry) => entry !== '')
}

function cleanEntry(entry: string): string {
  return foldWord(entry.slice(0, maxWordsChars)).trim()
}

function secretOfEntries(table: WordTable, entries: readonly string[]): Uint8Array | null {
  const indexes = entries.map((entry) => findPosition(table, entry))
  if (indexes.length !== wordsPerThread || indexes.includes(null)) return null
  return secretOfIndexes(indexes.map(Number))
}

/**
 * The secret of a text without blanks, if exactly one division into twelve words has the right
 * checksum: with more than one, blanks are needed.
 */
function secretOfRun(table: WordTable, run: string): Uint8Array | null {
  const right = divideWords(table, run, wordsPerThread)
    .map(secretOfIndexes)
    .filter((secret) => secret !== null)
  return right.length === 1 ? (right[0] ?? null) : null
}

function problemOfEntries(table: WordTable, entries: readonly string[]): ThreadError {
  if (entries.length !== wordsPerThread) return countProblem()
  const unknown = entries.findIndex((entry) => findPosition(table, entry) === null)
  return unknown < 0 ? checksumProblem() : unknownProblem(unknown + 1)
}

function problemOfRun(table: WordTable, run: string): ThreadError {
  if (divideWords(table, run, wordsPerThread).length > 0) return checksumProblem()
  const read = wordsAtBeginning(table, run, wordsPerThread)
  const isWhole = divideWords(table, run, read).length > 0
  return read < wordsPerThread && !isWhole ? unknownProblem(read + 1) : countProblem()
}

function unknownProblem(position: number): ThreadError {
  return new ThreadError(
    'WORD_UNKNOWN',
    `word ${position} is not on the list: look at it again`,
    position,
  )
}

function countProblem(): ThreadError {
  return new ThreadError(
    'WORDS_COUNT',
    `there must be exactly ${wordsPerThread} words: count them again`,
  )
}

function checksumProblem(): ThreadError {
  return new ThreadError(
    'WORDS_CHECKSUM',
    'one word is wrong, or the order is: look at each again, and put blanks between them',
  )
}
