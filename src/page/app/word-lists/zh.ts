import { chineseTable } from '../../../thread/chinese-table.ts'
import { chineseSounds } from './chinese-sounds.ts'
import { readWordsWith } from '../../../thread/words-with-list.ts'
import type { PageWordList } from './word-list.ts'

const sounds = chineseSounds.trim().split(/\s+/)

export const wordList: PageWordList = {
  table: chineseTable,
  read: (words) => readWordsWith(chineseTable, words).secret,
  keysOf: (word, index) =>
    (sounds[index] ?? word)
      .split(',')
      .map((sound) => ({ letter: sound.slice(0, 1), start: sound })),
}
