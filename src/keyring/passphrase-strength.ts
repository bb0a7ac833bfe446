import { wordlist } from '@scure/bip39/wordlists/english.js'

/**
 * The least estimate for a passphrase that a person made up. The key derivation of age and minisign
 * adds about twenty bits.
 */
export const minTypedBits = 60

const listWords = new Set(wordlist)
const bitsPerListWord = 11
/** For the letters of words that people choose; running text has even less. */
const bitsPerLetter = 2
/** One to three letters between digits and signs do not count as a word. */
const bitsPerLooseLetter = 4
const looseLetters = 3
const bitsPerSyllable = 4
const bitsPerDigit = 3
const bitsPerSign = 4
const bitsPerYear = 6
/** For a token that repeats an earlier one. */
const bitsOfRepeat = 1

/** Keyboard rows and alphabets that people type in order. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '!@#$%^&*()',
  'qazwsxedcrfvtgb',
].flatMap((row) => [row, Array.from(row).reverse().join('')])

/**
 * A low estimate of the bits in a passphrase, without regard to case. Words of the BIP 39 list
 * count eleven, other words two for each letter, Hangul and Han four for each character, single
 * letters and signs four, digits three. Years, repeats and keyboard runs count almost nothing.
 *
 * The estimate knows one word list and no literature: a line of a song or a name with a birthday
 * may pass, and a long random string of letters may fail. Generated words need no estimate.
 */
export function estimateBits(passphrase: string): number {
  const seen = new Set<string>()
  let bits = 0
  for (const token of passphrase.normalize('NFKC').toLowerCase().match(tokens) ?? []) {
    bits += seen.has(token) ? bitsOfRepeat : bitsOf(token)
    seen.add(token)
  }
  return Math.floor(bits)
}

// Spaces separate words and add no bits.
const tokens = /[\p{Script=Hangul}\p{Script=Han}]+|[\p{L}\p{M}]+|\p{N}+|[^\p{L}\p{M}\p{N}\s]/gu

function bitsOf(token: string): number {
  if (listWords.has(token)) return bitsPerListWord
  if (/^(19|20)\d\d$/.test(token)) return bitsPerYear
  const fresh = countFresh(token)
  const followed = (Array.from(token).length - fresh) * 0.25
  return fresh * bitsPerCharacter(token) + followed
}

function bitsPerCharacter(token: string): number {
  if (/^\p{N}/u.test(token)) return bitsPerDigit
  if (/^[\p{Script=Hangul}\p{Script=Han}]/u.test(token)) return bitsPerSyllable
  if (!/^\p{L}/u.test(token)) return bitsPerSign
  return token.length <= looseLetters ? bitsPerLooseLetter : bitsPerLetter
}

/**
 * The number of characters that cannot be guessed from the two before them: not a repeat, not the
 * next key of a row, not part of a repeated group.
 */
function countFresh(token: string): number {
  const doubled = /^(.+?)\1+$/u.exec(token)
  const characters = Array.from(doubled?.[1] ?? token)
  return characters.filter(
    (character, index) => !followsFrom(characters.slice(Math.max(0, index - 2), index), character),
  ).length
}

function followsFrom(before: readonly string[], character: string): boolean {
  if (before.at(-1) === character) return true
  return before.length === 2 && rows.some((row) => row.includes(before.join('') + character))
}
