import { pinyin } from 'pinyin-pro'
import { printable } from '../text/printable.ts'
import { hanjaOf, hanjaReadings } from './hanja-readings.ts'
import { codeOfHangul, codeOfLatin, isHangul } from './romanise.ts'
import { transliterate } from './transliterate.ts'

/** Longer than any name; a tip allows 500 characters a line. */
const maxNameCharacters = 120
const maxKeys = 8
const doubleSurnames = ['남궁', '선우', '황보', '제갈', '사공', '서문', '독고', '동방']
const isHan = (character: string) => /\p{Script=Han}/u.test(character)

/**
 * What spellings of one name share, in Hangul, Hanja or Latin letters, in either order: `SURNAME
 * GIVEN` in the code of romanise.ts. 리영희, 李英姬, Ri Yong-hui, Lee Young-hee and Li Yingji have a key
 * in common with the Hanja. Text in no script we read has itself as its key, after `=`. Total; at
 * most 8.
 */
export function nameKeys(text: string): string[] {
  const name = printable(text.normalize('NFKC').slice(0, maxNameCharacters))
  const keys = new Set<string>()
  const hangul = Array.from(name).filter(isHangul).join('')
  const han = Array.from(name).filter(isHan).join('')
  if (hangul !== '') for (const key of hangulKeys(name)) keys.add(key)
  if (han !== '' && hangul === '') for (const key of hanKeys(han)) keys.add(key)
  if (hangul === '' && han === '') for (const key of latinKeys(transliterate(name))) keys.add(key)
  const usable = [...keys].filter((key) => key.trim().length > 1)
  return usable.length > 0
    ? usable.slice(0, maxKeys)
    : [`=${name.toLowerCase().replace(/[\p{P}\s]+/gu, '')}`]
}

/**
 * Of a name in Hangul, as papers of Chinese offices may have it: 리성철 is Li Chengzhe there. From the
 * characters that such names are mostly written with, so a guess; at most 8, none for other
 * scripts.
 */
export function mandarinKeys(text: string): string[] {
  const syllables = Array.from(
    printable(text.normalize('NFKC').slice(0, maxNameCharacters)),
  ).filter(isHangul)
  if (syllables.length < 2 || syllables.length > 4) return []
  const choices = syllables.map((syllable, position) =>
    [
      ...new Set(
        hanjaOf(syllable).map((character) =>
          pinyin(character, { toneType: 'none', surname: 'head' }),
        ),
      ),
    ].slice(0, position === 0 ? 1 : 3),
  )
  if (choices.some((each) => each.length === 0)) return []
  const [surname = '', ...given] = choices
  return combine(given).map((reading) => keyOf(codeOfLatin(surname[0] ?? ''), codeOfLatin(reading)))
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
  // Who is told of by the given name alone, or in one word: Sunok, Risongchol.
  const whole = word.length > 1 ? [keyOf('', codeOfHangul(word))] : []
  return [
    keyOf(codeOfHangul(word.slice(0, surnameLength)), codeOfHangul(word.slice(surnameLength))),
    ...whole,
  ]
}

/**
 * By Korean and by Mandarin reading; of characters with two Korean readings both, as far as that
 * goes.
 */
function hanKeys(han: string): string[] {
  const korean = [...han].map((character) => hanjaReadings(character).slice(0, 2))
  const readings = korean.every((each) => each.length > 0)
    ? combine(korean)
        .map((syllables) => hangulKeys(syllables))
        .flat()
    : []
  const [surname = '', ...given] = pinyin(han, { toneType: 'none', type: 'array', surname: 'head' })
  return [...readings, keyOf(codeOfLatin(surname), codeOfLatin(given.join('-')))]
}

function combine(choices: readonly (readonly string[])[]): string[] {
  return choices.reduce<string[]>(
    (words, choice) => words.flatMap((word) => choice.map((each) => word + each)).slice(0, maxKeys),
    [''],
  )
}

function latinKeys(name: string): string[] {
  // Hyphens and apostrophes stand inside a given name: Yong-hui, Ch'oe.
  const words = name.split(/[\s,.·]+/u).filter((word) => /[a-z]/iu.test(word))
  // Jianguo is jian and guo, Yongae is yong and ae: nobody can tell from the letters.
  const parted = words.map((word) => word.replace(/ng(?=[aeiouyw])/giu, 'n-g'))
  return [...wordKeys(words, codeOfLatin), ...wordKeys(parted, codeOfLatin)]
}

/** The surname first, as at home, or last, as abroad. */
function wordKeys(words: readonly string[], codeOf: (word: string) => string): string[] {
  if (words.length === 0) return []
  if (words.length === 1) return [keyOf('', codeOf(words[0] ?? ''))]
  const first = keyOf(codeOf(words[0] ?? ''), words.slice(1).map(codeOf).join(''))
  const last = keyOf(codeOf(words.at(-1) ?? ''), words.slice(0, -1).map(codeOf).join(''))
  // Risongchol and Ri Song-chol.
  return [first, last, keyOf('', codeOf(words.join('')))]
}

function keyOf(surname: string, given: string): string {
  return `${surname} ${given}`
}
