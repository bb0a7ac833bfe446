import { koreanTable } from '../../../thread/korean-table.ts'
import { readWordsWith } from '../../../thread/words-with-list.ts'
import type { PageWordList } from './word-list.ts'

/** Unicode §3.12: 588 syllables for each of the 19 first consonants. */
const firstSyllable = 0xac00
const syllablesPerConsonant = 588
/** Doubled consonants stand with the plain ones, as in a dictionary of the North. */
const consonants = [...'ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ']

function consonantOf(syllable: string): string {
  const place = Math.floor(((syllable.codePointAt(0) ?? 0) - firstSyllable) / syllablesPerConsonant)
  return consonants[place] ?? syllable
}

export const wordList: PageWordList = {
  table: koreanTable,
  read: (words) => readWordsWith(koreanTable, words).secret,
  keysOf: (word) => [{ letter: consonantOf(word), start: word.slice(0, 1) }],
}
