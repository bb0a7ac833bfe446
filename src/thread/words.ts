import { chineseTable } from './chinese-table.ts'
import { englishTable } from './english-table.ts'
import { koreanTable } from './korean-table.ts'
import type { WordLanguage, WordTable } from './word-table.ts'
import type { ReadWords } from './words-with-list.ts'
import { findWordIn, readWordsWith, renderWords, wordLanguageOfText } from './words-with-list.ts'

export { drawThreadSecret } from './draw-secret.ts'
export { ThreadError } from './errors.ts'
export { threadSecretBytes, wordsPerThread } from './word-indexes.ts'
export type { WordLanguage } from './word-table.ts'
export type { ReadWords } from './words-with-list.ts'

const tables: Readonly<Record<WordLanguage, WordTable>> = {
  en: englishTable,
  ko: koreanTable,
  zh: chineseTable,
}

/** The twelve words of a secret. */
export function wordsOf(secret: Uint8Array, language: WordLanguage): string[] {
  return renderWords(tables[language], secret)
}

/**
 * Reads twelve words of any of the three languages. @throws ThreadError, see `readWordsWith`.
 */
export function readWords(text: string | readonly string[]): ReadWords {
  const sample = typeof text === 'string' ? text : text.join(' ')
  return readWordsWith(tables[wordLanguageOfText(sample.slice(0, 4096))], text)
}

/** The language of the words for a language of the page: English where there is no list. */
export function wordLanguageFor(pageLanguage: string): WordLanguage {
  const language = pageLanguage.toLowerCase().split(/[-_]/u)[0]
  return language === 'ko' || language === 'zh' ? language : 'en'
}

/** The list of a language, in NFC. */
export function wordList(language: WordLanguage): readonly string[] {
  return tables[language].words
}

/** The entry of the list that a person means, in any spelling that is understood, or null. */
export function findWord(entry: string, language: WordLanguage): string | null {
  return findWordIn(tables[language], entry)
}
