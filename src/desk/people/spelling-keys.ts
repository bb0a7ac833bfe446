import { printable } from '../text/printable.ts'
import { hanjaReadings } from './hanja-readings.ts'
import type { MandarinReader } from './mandarin-readings.ts'
import { readName } from './mandarin-readings.ts'
import { codeOfHangul, codeOfLatin, isHangul } from './romanise.ts'
import { transliterate } from './transliterate.ts'

/** Longer than any name; a tip allows 500 characters per line. */
const maxNameCharacters = 120
export const maxKeys = 8
const doubleSurnames = ['남궁', '선우', '황보', '제갈', '사공', '서문', '독고', '동방']
const isHan = (character: string) => /\p{Script=Han}/u.test(character)

/**
 * Keys that different spellings of a name have in common, in Hangul, Hanja or Latin letters, with
 * the surname first or last. A key is `SURNAME GIVEN` in the code of romanise.ts. 리영희, 李英姬, Ri
 * Yong-hui, Lee Young-hee and Li Yingji each share a key with the Hanja. The key of a text in any
 * other script is the text itself after `=`. Never throws; returns at most 8 keys.
 */
export function spellingKeys(text: string, mandarin: MandarinReader): string[] {
  const name = plainName(text)
  const keys = new Set<string>()
  const hangul = Array.from(name).filter(isHangul).join('')
  const han = Array.from(name).filter(isHan).join('')
  if (hangul !== '') for (const key of hangulKeys(name)) keys.add(key)
  if (han !== '' && hangul === '') for (const key of hanKeys(han, mandarin)) keys.add(key)
  if (hangul === '' && han === '') for (const key of latinKeys(transliterate(name))) keys.add(key)
  const usable = [...keys].filter((key) => key.trim().length > 1)
  return usable.length > 0
    ? usable.slice(0, maxKeys)
    : [`=${name.toLowerCase().replace(/[\p{P}\s]+/gu, '')}`]
}

/** A name as it is compared, shortened to what any name needs. */
export function plainName(text: string): string {
  return printable(text.normalize('NFKC').slice(0, maxNameCharacters))
}

function hangulKeys(name: string): string[] {
  const words = name
    .split(/[\s·-]+/u)
    .map((word) => Array.from(word).filter(isHangul).join(''))
    .filter(Boolean)
  if (words.length > 1) return wordKeys(words, codeOfHangul)
  const [word = ''] = words
  const surnameLength =
    doubleSurnames.some((surname) => word.startsWith(surname)) && word.length > 3 ? 2 : 1
  // The name may also appear as a given name alone, or written as one word: Sunok, Risongchol.
  const whole = word.length > 1 ? [keyOf('', codeOfHangul(word))] : []
  return [
    keyOf(codeOfHangul(word.slice(0, surnameLength)), codeOfHangul(word.slice(surnameLength))),
    ...whole,
  ]
}

/**
 * Keys by the Korean and the Mandarin readings of a name. For a character with two Korean readings
 * both are used, up to the limit of keys.
 */
function hanKeys(han: string, mandarin: MandarinReader): string[] {
  const korean = [...han].map((character) => hanjaReadings(character).slice(0, 2))
  const readings = korean.every((each) => each.length > 0)
    ? combine(korean)
        .map((syllables) => hangulKeys(syllables))
        .flat()
    : []
  const [surname = '', ...given] = readName(han, mandarin)
  const mandarinKeys = [
    keyOf(codeOfLatin(surname), codeOfLatin(given.join('-'))),
    ...(given.length > 1 ? [keyOf('', codeOfLatin([surname, ...given].join('-')))] : []),
  ]
  return [...mandarinKeys, ...readings]
}

export function combine(choices: readonly (readonly string[])[]): string[] {
  return choices.reduce<string[]>(
    (words, choice) => words.flatMap((word) => choice.map((each) => word + each)).slice(0, maxKeys),
    [''],
  )
}

function latinKeys(name: string): string[] {
  // Hyphens and apostrophes may be part of a given name: Yong-hui, Ch'oe.
  const words = name.split(/[\s,.·]+/u).filter((word) => /[a-z]/iu.test(word))
  // "ng" before a vowel is ambiguous (Jianguo is jian + guo, Yongae is yong + ae), so both ways of
  // splitting are used.
  const parted = words.map((word) => word.replace(/ng(?=[aeiouyw])/giu, 'n-g'))
  return [...wordKeys(words, codeOfLatin), ...wordKeys(parted, codeOfLatin)]
}

/** The surname comes first as in Korea and China, or last as abroad. */
function wordKeys(words: readonly string[], codeOf: (word: string) => string): string[] {
  if (words.length === 0) return []
  if (words.length === 1) return [keyOf('', codeOf(words[0] ?? ''))]
  const first = keyOf(codeOf(words[0] ?? ''), words.slice(1).map(codeOf).join(''))
  const last = keyOf(codeOf(words.at(-1) ?? ''), words.slice(0, -1).map(codeOf).join(''))
  // The other keys match names written as one word: Risongchol for Ri Song-chol or Song-chol Ri.
  const turned = [words.at(-1) ?? '', ...words.slice(0, -1)]
  return [first, last, keyOf('', codeOf(words.join(''))), keyOf('', codeOf(turned.join('')))]
}

export function keyOf(surname: string, given: string): string {
  return `${surname} ${given}`
}
