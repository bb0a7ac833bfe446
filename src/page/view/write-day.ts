import { LANGUAGE_TAGS, type Language } from '../languages.ts'

/** Plain English is that of the United States, where the month comes first. */
const tagOf = (language: Language): string =>
  language === 'en' ? 'en-GB' : LANGUAGE_TAGS[language]

/** A day as people write it in this language: `2027년 1월 5일`. @param day `YYYY-MM-DD` */
export function writeDay(day: string, language: Language): string {
  const format = new Intl.DateTimeFormat(tagOf(language), { dateStyle: 'long', timeZone: 'UTC' })
  return format.format(new Date(`${day}T00:00:00Z`))
}
