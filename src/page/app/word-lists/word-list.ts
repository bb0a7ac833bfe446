import type { WordTable } from '../../../thread/word-table.ts'

/** How a word is found by tapping: its first letter, and how it begins. */
export interface WordKey {
  letter: string
  start: string
}

/** The list of one language, as the page needs it. */
export interface PageWordList {
  readonly table: WordTable
  /** The secret behind twelve words. @throws ThreadError */
  read: (words: string | readonly string[]) => Uint8Array
  /** Where a word is found. More than one place if it is read in more than one way. */
  keysOf: (word: string, index: number) => readonly WordKey[]
}
