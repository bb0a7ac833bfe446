/** The languages of the page. The first is used when a browser asks for none of them. */
export const LANGUAGES = ['en', 'ko', 'zh', 'ug', 'ru', 'bo'] as const

export type Language = (typeof LANGUAGES)[number]

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  ko: '한국어',
  zh: '简体中文',
  ug: 'ئۇيغۇرچە',
  ru: 'Русский',
  bo: 'བོད་ཡིག',
}

/** The values of the `lang` attribute (BCP 47). */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = {
  en: 'en',
  ko: 'ko',
  zh: 'zh-Hans',
  ug: 'ug',
  ru: 'ru',
  bo: 'bo',
}

export const LANGUAGE_DIRECTIONS: Readonly<Record<Language, 'ltr' | 'rtl'>> = {
  en: 'ltr',
  ko: 'ltr',
  zh: 'ltr',
  ug: 'rtl',
  ru: 'ltr',
  bo: 'ltr',
}

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((language) => language === text)
}

/** The languages in which everything is translated, so that others can borrow from them. */
export const COMPLETE_LANGUAGES = ['en', 'ko', 'zh'] as const satisfies readonly Language[]

/** The languages that readers of a language are most likely to read as well, the best one first. */
export function fallbacksOf(language: Language): readonly Language[] {
  return language === 'ug' || language === 'bo' ? ['en', 'zh'] : ['en']
}
