import type { Language } from '../languages.ts'
import type { PartTexts } from '../language-parts.ts'

/** What the app says; the rest of a language's words is for pages without scripts. */
export type AppTexts = PartTexts<'first'>
/** What it says once something is sent, and behind "more". */
export type LaterPart = PartTexts<'later'>

/** Two chunks a language, each named so that the bundler finds it. */
const loaders: Readonly<
  Record<
    Language,
    { first: () => Promise<{ spoken: AppTexts }>; later: () => Promise<{ spoken: LaterPart }> }
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

/** The language the form is in; not every page has one of its own. */
export const formLanguageOf = ({
  language,
  foreign,
}: Pick<AppTexts, 'language' | 'foreign'>): Language => foreign.form ?? language

/** Rejects when the circuit is down; may be called again. */
export const loadTexts = async (language: Language): Promise<AppTexts> =>
  (await loaders[language].first()).spoken

/** As `loadTexts`. */
export const loadLaterTexts = async ({
  language,
}: Pick<AppTexts, 'language'>): Promise<LaterPart> => (await loaders[language].later()).spoken
