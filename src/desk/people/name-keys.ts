import { hanjaOf } from './hanja-readings.ts'
import { mandarinReader } from './mandarin-readings.ts'
import { mandarinTable, surnameTable } from './mandarin-table.ts'
import { codeOfLatin, isHangul } from './romanise.ts'
import { combine, keyOf, plainName, spellingKeys } from './spelling-keys.ts'

const reader = mandarinReader(mandarinTable, surnameTable)

/** The keys of a name, as `spellingKeys` makes them. */
export function nameKeys(text: string): string[] {
  return spellingKeys(text, reader)
}

/** The keys that name both a surname and a given name. */
export function fullNameKeys(text: string): string[] {
  return nameKeys(text).filter((key) => /^[^ =]\S* \S/u.test(key))
}

/**
 * Keys of a Hangul name as Chinese offices may write it: they write 리성철 as Li Chengzhe. The keys
 * are a guess from the most common characters of such names; at most 8, and none for other scripts.
 */
export function mandarinKeys(text: string): string[] {
  const syllables = Array.from(plainName(text)).filter(isHangul)
  if (syllables.length < 2 || syllables.length > 4) return []
  const choices = syllables.map((syllable, position) =>
    [...new Set(hanjaOf(syllable).map((character) => reader.surname(character)))].slice(
      0,
      position === 0 ? 1 : 3,
    ),
  )
  if (choices.some((each) => each.length === 0)) return []
  const [surname = '', ...given] = choices
  return combine(given).map((reading) => keyOf(codeOfLatin(surname[0] ?? ''), codeOfLatin(reading)))
}
