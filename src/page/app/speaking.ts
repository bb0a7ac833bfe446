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
 * @param rest the language that the reader chose for what their own language does not have
 */
export const loadTexts = async (language: Language, rest?: Language): Promise<AppTexts> => {
  const own = (await loaders[language].first()).spoken
  return isBorrowed(own, rest) ? borrow(own, (await loaders[rest].first()).spoken) : own
}

/** Loads the remaining words. Rejects when they cannot be fetched; may be called again. */
export const loadDeferredTexts = async (
  texts: Pick<AppTexts, 'language' | 'foreign'>,
): Promise<DeferredWords> => {
  const own = (await loaders[texts.language].later()).spoken
  const rest = formLanguageOf(texts)
  return isBorrowed(own, rest) ? borrow(own, (await loaders[rest].later()).spoken) : own
}

type Borrower = Pick<AppTexts, 'language' | 'foreign'>

/** Whether a language lacks groups, and its own choice for them is another than `rest`. */
export const isBorrowed = (own: Borrower, rest: Language | undefined): rest is Language =>
  rest !== undefined && Object.values(own.foreign).some((language) => language !== rest)

/** Replaces the groups that a language does not have by those of the language that is chosen. */
export function borrow<Words extends Borrower>(own: Words, rest: Words): Words {
  const groups = Object.keys(own.foreign) as (keyof Words['foreign'])[]
  const borrowed = groups.filter((group) => group in rest)
  return {
    ...own,
    ...Object.fromEntries(borrowed.map((group) => [group, rest[group as unknown as keyof Words]])),
    // The server's reasons come from the group `problems`, which no partial language has.
    ...('delayReasons' in rest ? { delayReasons: rest.delayReasons } : {}),
    foreign: Object.fromEntries(groups.map((group) => [group, rest.language])),
  }
}
