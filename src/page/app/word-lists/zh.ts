import { simplified } from '../../../thread/chinese-simplified.ts'
import { makeWordTable } from '../../../thread/word-table.ts'
import { chineseSounds } from './chinese-sounds.ts'
import { readWordsWith } from '../../../thread/words-with-list.ts'
import type { PageWordList } from './word-list.ts'

const sounds = chineseSounds.trim().split(/\s+/)

let table = makeWordTable('zh', simplified)

/**
 * Every visit loads the traditional characters, which are only needed to read what somebody types:
 * sending does not wait for them. Without them, simplified characters are still understood.
 */
export const traditionalForms: Promise<void> = import('../../../thread/chinese-table.ts').then(
  ({ chineseTable }) => void (table = chineseTable),
  () => undefined,
)

export const wordList: PageWordList = {
  get table() {
    return table
  },
  read: (words) => readWordsWith(table, words).secret,
  keysOf: (word, index) =>
    (sounds[index] ?? word)
      .split(',')
      .map((sound) => ({ letter: sound.slice(0, 1), start: sound })),
}
