import type { Language } from '../languages.ts'
import type { PartTexts } from '../language-parts.ts'

/** The words of the app. A language's other words are for pages without scripts. */
export type AppTexts = PartTexts<'first'>
/** The words for the optional section, for sending and for the receipt. */
export type DeferredWords = PartTexts<'later'>

/** Two chunks for each language, written out so that the bundler finds them. */
const loaders: Readonly<
  Record<
    Language,
    { first: () => Promise<{ spoken: AppTexts }>; later: () => Promise<{ spoken: DeferredWords }> }
  >
> = {
  en: {
    first: () => import('../languages/en.ts?first'),
    later: () => import('../languages/en.ts?later'),
  },
  ko: {
    first: () => import('../languages/ko.ts?first'),
    later: () => import('../languages/ko.ts?later'),
  },
  zh: {
    first: () => import('../languages/zh.ts?first'),
    later: () => import('../languages/zh.ts?later'),
  },
  ug: {
    first: () => import('../languages/ug.ts?first'),
    later: () => import('../languages/ug.ts?later'),
  },
  ru: {
    first: () => import('../languages/ru.ts?first'),
    later: () => import('../languages/ru.ts?later'),
  },
  bo: {
    first: () => import('../languages/bo.ts?first'),
    later: () => import('../languages/bo.ts?later'),
  },
}

/** The language of the form, which may differ from the page's: not every language has a form. */
export const formLanguageOf = ({
  language,
  foreign,
}: Pick<AppTexts, 'language' | 'foreign'>): Language => foreign.form ?? language

/**
 * Loads the words for the first paint. Rejects when they cannot be fetched; may be called again.
 */
export const loadTexts = async (language: Language): Promise<AppTexts> =>
  (await loaders[language].first()).spoken

/** Loads the remaining words. Rejects when they cannot be fetched; may be called again. */
export const loadDeferredTexts = async ({
  language,
}: Pick<AppTexts, 'language'>): Promise<DeferredWords> => (await loaders[language].later()).spoken
