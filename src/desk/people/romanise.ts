/**
 * Spellings of one Korean name differ by system (McCune–Reischauer, Revised, North, newspaper).
 * Names are therefore reduced to a sound code that ignores these differences: voiced and aspirated
 * consonants, the five back vowels, glides, and an initial ㄹ or ㄴ that the South drops. Latin text
 * in any of the systems is reduced to the same code.
 */

const firstSyllable = 0xac00
const lastSyllable = 0xd7a3
const initials = [
  'K',
  'K',
  'N',
  'T',
  'T',
  'R',
  'M',
  'P',
  'P',
  'S',
  'S',
  '',
  'C',
  'C',
  'C',
  'K',
  'T',
  'P',
  'H',
]
const medials = [
  'A',
  'E',
  'A',
  'E',
  'O',
  'E',
  'O',
  'E',
  'O',
  'A',
  'E',
  'E',
  'O',
  'O',
  'O',
  'E',
  'I',
  'O',
  'O',
  'I',
  'I',
]
const finals = [
  '',
  'K',
  'K',
  'K',
  'N',
  'N',
  'N',
  'T',
  'R',
  'K',
  'M',
  'P',
  'R',
  'R',
  'P',
  'R',
  'M',
  'P',
  'P',
  'T',
  'T',
  'G',
  'T',
  'T',
  'K',
  'T',
  'P',
  'T',
]
/** ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ: before these vowels the South drops an initial ㄹ or ㄴ. */
const dropping = new Set([2, 3, 6, 7, 12, 17, 20])

export function isHangul(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code >= firstSyllable && code <= lastSyllable
}

/** Code of one word in Hangul syllables; other characters are ignored. */
export function codeOfHangul(word: string): string {
  let code = ''
  for (const character of word) {
    if (!isHangul(character)) continue
    const index = (character.codePointAt(0) ?? 0) - firstSyllable
    const [initial, medial, final] = [
      Math.floor(index / 588),
      Math.floor((index % 588) / 28),
      index % 28,
    ]
    code +=
      initialCode(initials[initial] ?? '', dropping.has(medial), code === '') +
      (medials[medial] ?? '') +
      (finals[final] ?? '')
  }
  return code
}

/**
 * The letters of a Hangul name, without differences between North and South or between similar
 * sounds: ㄹ and ㄴ that the South drops, ㅐ and ㅔ, ㅢ and ㅣ. Two names that still differ are different
 * names, even if they look alike in Latin letters.
 */
export function hangulLetters(name: string): string {
  return Array.from(name)
    .filter(isHangul)
    .map((character, position) => {
      const index = (character.codePointAt(0) ?? 0) - firstSyllable
      const [initial, medial, final] = [
        Math.floor(index / 588),
        Math.floor((index % 588) / 28),
        index % 28,
      ]
      const isDropped = dropping.has(medial) && (initial === rieul || initial === nieun)
      return [
        isDropped ? silent : position === 0 && initial === rieul ? nieun : initial,
        sameVowel.get(medial) ?? medial,
        final,
      ].join('.')
    })
    .join(' ')
}

const [nieun, rieul, silent] = [2, 5, 11]
const sameVowel = new Map([
  [1, 5],
  [3, 7],
  [19, 20],
])

function initialCode(initial: string, isDropping: boolean, isFirst: boolean): string {
  if (!isFirst || (initial !== 'R' && initial !== 'N')) return initial
  return isDropping ? '' : 'N'
}

const consonants: readonly [RegExp, string][] = [
  [/^(?:ng)/, 'G'],
  [/^(?:tch|ch|jj|zh|j|z|c)/, 'C'],
  [/^(?:sh|ss|s|x)/, 'S'],
  [/^(?:kk|kh|gh|gg|k|g|q)/, 'K'],
  [/^(?:tt|th|dd|t|d)/, 'T'],
  [/^(?:pp|ph|bb|p|b|f|v)/, 'P'],
  [/^m+/, 'M'],
  [/^n+/, 'N'],
  [/^(?:rh|rr|ll|r|l)/, 'R'],
  [/^h/, 'H'],
  [/^[yw]/, ''],
  [/^-/, ''],
]

/**
 * Code of one word in Latin letters; diacritics are ignored. A hyphen separates syllables: Un-gyong
 * differs from Ung-yong.
 */
export function codeOfLatin(word: string): string {
  let code = ''
  let rest = word
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z-]/g, '')
  while (rest !== '') {
    const vowels = /^[aeiou]+/.exec(rest)?.[0]
    if (vowels !== undefined) {
      code += vowelClass(vowels)
      // In Ahn, Noh, Suh and Park, the h or r only lengthens the vowel.
      rest = rest
        .slice(vowels.length)
        .replace(/^h(?![aeiouwy])/, '')
        .replace(/^r(?=[^aeiouwyr])/, '')
      continue
    }
    const [length, next] = consonantOf(rest)
    const isDropped =
      code === '' && (next === 'R' || next === 'N') && /^[iy]|^ee/.test(rest.slice(length))
    code += isDropped ? '' : code === '' && next === 'R' ? 'N' : next
    rest = rest.slice(length)
  }
  return code
}

function consonantOf(text: string): [length: number, code: string] {
  for (const [pattern, code] of consonants) {
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) return [found.length, code]
  }
  return [1, '']
}

function vowelClass(vowels: string): string {
  if (/^(?:ae|ai|oe|oi|ei|e)$/.test(vowels)) return 'E'
  if (/^(?:i|ii|ee|ie|ui|eui)$/.test(vowels)) return 'I'
  if (/^(?:eo|eu|oo|ou|o|u|uo)$/.test(vowels)) return 'O'
  // Removes the glides of Pinyin: iao, ian, uang.
  const core = vowels.replace(/^[iu](?=[aeo])/, '')
  return core.startsWith('a') ? 'A' : core.startsWith('e') ? 'E' : core.startsWith('i') ? 'I' : 'O'
}
