import { LANGUAGE_TAGS, type Language } from '../languages.ts'

const units = ['kB', 'MB', 'GB'] as const

/**
 * Writes a size in kB, MB or GB, rounded so that it is short to listen to; never less than 1 kB.
 */
export function writeBytes(bytes: number, language: Language): string {
  const power = bytes >= 1e9 ? 2 : bytes >= 1e6 ? 1 : 0
  const value = bytes / 1000 ** (power + 1)
  const digits = { maximumFractionDigits: power > 0 && value < 100 ? 1 : 0 }
  return `${new Intl.NumberFormat(LANGUAGE_TAGS[language], digits).format(value < 1 ? Math.ceil(value) : value)} ${units[power]}`
}
