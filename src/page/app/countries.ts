import { LANGUAGE_TAGS, type Language } from '../languages.ts'

/** Where people are taken, held, or sent back to; others go into the words of the answer. */
export const countries = [
  'KP',
  'CN',
  'KR',
  'RU',
  'MN',
  'VN',
  'LA',
  'TH',
  'MM',
  'KH',
  'KZ',
  'KG',
  'UZ',
  'TJ',
  'NP',
  'IN',
  'TR',
] as const

/**
 * Names from the browser's own tables: they weigh nothing, and the language is the page's, not the
 * browser's.
 */
export function countryLabels(language: Language): Record<string, string> {
  const names = new Intl.DisplayNames([LANGUAGE_TAGS[language]], { type: 'region' })
  return Object.fromEntries(countries.map((code) => [code, names.of(code) ?? code]))
}
