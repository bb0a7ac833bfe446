import type { DisclosedPerson } from '../disclose/disclosed.ts'

/** Whether readers of English, French or Spanish can read a text. */
export const isLatin = (text: string): boolean =>
  /\p{Script=Latin}/u.test(text) &&
  !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Tibetan}]/u.test(
    text,
  )

/**
 * The first name in another script and the first in Latin letters; empty texts if there is none.
 */
export function nativeAndLatin({ names }: Pick<DisclosedPerson, 'names'>): {
  native: string
  latin: string
} {
  const texts = names.map(({ text }) => text)
  return { native: texts.find((text) => !isLatin(text)) ?? '', latin: texts.find(isLatin) ?? '' }
}

export function ageText({ age }: Pick<DisclosedPerson, 'age'>): string {
  if (age === null) return ''
  return age.min === age.max ? String(age.min) : `${age.min} to ${age.max}`
}
