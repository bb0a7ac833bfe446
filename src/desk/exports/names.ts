import type { DisclosedPerson } from '../disclose/disclosed.ts'
import { byKind } from '../people/name-order.ts'

/** Whether readers of English, French or Spanish can read a text. */
export const isLatin = (text: string): boolean =>
  /\p{Script=Latin}/u.test(text) &&
  !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Tibetan}]/u.test(
    text,
  )

/**
 * The first name in another script and the first in Latin letters; empty texts if there is none. A
 * nickname counts only for a person who has no other name.
 */
export function nativeAndLatin({ names }: Pick<DisclosedPerson, 'names'>): {
  native: string
  latin: string
} {
  const proper = names.filter(({ kind }) => kind !== 'nickname')
  const texts = byKind(proper.length > 0 ? proper : names).map(({ text }) => text)
  return { native: texts.find((text) => !isLatin(text)) ?? '', latin: texts.find(isLatin) ?? '' }
}
