import { englishTable } from '../../../thread/english-table.ts'
import { readWordsWith } from '../../../thread/words-with-list.ts'
import type { PageWordList } from './word-list.ts'

export const wordList: PageWordList = {
  table: englishTable,
  read: (words) => readWordsWith(englishTable, words).secret,
  keysOf: (word) => [{ letter: word.slice(0, 1), start: word.slice(0, 2) }],
}
