import type { WordLanguage } from '../../../thread/word-table.ts'
import type { Language } from '../../languages.ts'
import type { PageWordList } from './word-list.ts'

/** The language of the words on a page: English where there is no list of its own. */
export const wordLanguageOf = (language: Language): WordLanguage =>
  language === 'ko' || language === 'zh' ? language : 'en'

/** Written out, so that the bundler makes one chunk of each list. */
const loaders: Readonly<Record<WordLanguage, () => Promise<{ wordList: PageWordList }>>> = {
  en: () => import('./en.ts'),
  ko: () => import('./ko.ts'),
  zh: () => import('./zh.ts'),
}

/** Every visit loads the list of its page's language. Rejects when it cannot be fetched. */
export const loadWordList = async (language: Language): Promise<PageWordList> =>
  (await loaders[wordLanguageOf(language)]()).wordList
