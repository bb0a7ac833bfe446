import { english } from './en.ts'
import { spanish } from './es.ts'
import { french } from './fr.ts'
import type { ReportLanguage, ReportWords } from './words.ts'

const all: Readonly<Record<ReportLanguage, ReportWords>> = { en: english, fr: french, es: spanish }

export function wordsOf(language: ReportLanguage): ReportWords {
  return all[language]
}
