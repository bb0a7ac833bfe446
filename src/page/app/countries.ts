import { LANGUAGE_TAGS, type Language } from '../languages.ts'

/** Countries where people are detained or returned to. Any other country is typed in words. */
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
 * Country names from the browser's own tables, which add nothing to the download. They are in the
 * language of the page, not of the browser.
 */
export function countryLabels(language: Language): Record<string, string> {
  const names = new Intl.DisplayNames([LANGUAGE_TAGS[language]], { type: 'region' })
  return Object.fromEntries(countries.map((code) => [code, names.of(code) ?? code]))
}
