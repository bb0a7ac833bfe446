import { wordlist } from '@scure/bip39/wordlists/english.js'

/**
 * What a passphrase somebody thought up must reach. age's and minisign's stretching adds about
 * twenty.
 */
export const minTypedBits = 60

const listWords = new Set(wordlist)
const bitsPerListWord = 11
/** Letters of words that people choose; running text has less still. */
const bitsPerLetter = 2
/** One to three letters between digits and signs are no word. */
const bitsPerLooseLetter = 4
const looseLetters = 3
const bitsPerSyllable = 4
const bitsPerDigit = 3
const bitsPerSign = 4
const bitsPerYear = 6
/** The bits of what was there before, or follows from it. */
const bitsOfRepeat = 1

/** Keyboard rows and alphabets that people run a finger along. */
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
 * A low estimate of the bits in a passphrase, case aside: words of the BIP 39 list count eleven,
 * other words two a letter, Hangul and Han four a character, loose letters and signs four, digits
 * three; years, repeats, keyboard runs and whatever was there before count next to nothing.
 *
 * It knows one list and no literature: a line of a song or a name with a birthday may pass, and a
 * long random string of letters alone may fail. Generated words need no estimate.
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

// Spaces divide words and add nothing.
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
 * Characters that do not follow from the two before them: no repeat, no run along a row, no doubled
 * group.
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
