import type { Language } from './languages.ts'
import * as bo from './languages/bo.ts'
import * as en from './languages/en.ts'
import * as ko from './languages/ko.ts'
import * as ru from './languages/ru.ts'
import * as ug from './languages/ug.ts'
import * as zh from './languages/zh.ts'
import { speakOwn, speakWith, type SpokenTexts } from './texts.ts'

/** The texts of every language. Only the server needs them all; the page loads one language. */
const ALL_TEXTS: Readonly<Record<Language, SpokenTexts>> = {
  en: speakOwn('en', en),
  ko: speakOwn('ko', ko),
  zh: speakOwn('zh', zh),
  ug: speakWith('ug', ug, en),
  ru: speakWith('ru', ru, en),
  bo: speakWith('bo', bo, en),
}

export function textsOf(language: Language): SpokenTexts {
  return ALL_TEXTS[language]
}
