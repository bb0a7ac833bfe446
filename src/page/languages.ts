/** The languages the page speaks; the first is for whoever asks for none of them. */
export const LANGUAGES = ['en', 'ko', 'zh'] as const

export type Language = (typeof LANGUAGES)[number]

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어', zh: '简体中文' }

/** For the `lang` attribute (BCP 47). */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { en: 'en', ko: 'ko', zh: 'zh-Hans' }

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((language) => language === text)
}
