import { wordListEntries } from './word-indexes.ts'

/** The languages in which the words of a thread are shown. */
export type WordLanguage = 'en' | 'ko' | 'zh'

/** The list of one language, as it is shown, and every spelling that is understood. */
export interface WordTable {
  readonly language: WordLanguage
  /** The entries in NFC, in the order of BIP39. */
  readonly words: readonly string[]
  /** Positions in `words`, by folded spelling. */
  readonly positions: ReadonlyMap<string, number>
  /** Number of characters of the longest folded spelling. */
  readonly longest: number
}

/**
 * What makes two texts the same word: compatibility forms, case, and characters that nobody sees do
 * not count. Hangul typed as separate letters is composed.
 */
export function foldWord(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '')
    .normalize('NFC')
}

/**
 * The spellings are built when the first word is read, because that takes longer than everything
 * else in a command or a visit that reads none.
 * @param list a list of BIP39, in any normal form.
 * @param otherSpellings other spellings of an entry that are understood when they are read.
 */
export function makeWordTable(
  language: WordLanguage,
  list: readonly string[],
  otherSpellings: (word: string, index: number) => readonly string[] = () => [],
): WordTable {
  if (list.length !== wordListEntries)
    throw new RangeError(`a word list has ${wordListEntries} entries`)
  const words = list.map((word) => word.normalize('NFC'))
  let made: Spellings | null = null
  const spellings = () => (made ??= makeSpellings(words, otherSpellings))
  return {
    language,
    words,
    get positions() {
      return spellings().positions
    },
    get longest() {
      return spellings().longest
    },
  }
}

type Spellings = Pick<WordTable, 'positions' | 'longest'>

function makeSpellings(
  words: readonly string[],
  otherSpellings: (word: string, index: number) => readonly string[],
): Spellings {
  const positions = new Map<string, number>()
  for (const [index, word] of words.entries())
    for (const spelling of otherSpellings(word, index)) positions.set(foldWord(spelling), index)
  // An entry itself always wins over another entry's other spelling.
  for (const [index, word] of words.entries()) positions.set(foldWord(word), index)
  return { positions, longest: Math.max(...Array.from(positions.keys(), ({ length }) => length)) }
}

/** Position of a word in the table, in any spelling that is understood, or null. */
export function findPosition(table: WordTable, entry: string): number | null {
  return table.positions.get(foldWord(entry).trim()) ?? null
}
