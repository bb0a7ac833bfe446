import { toAsciiDigits } from './ascii-digits.ts'

/** Digits of a receipt: SHA-256 in hex. */
export const receiptDigits = 64

/** What a pasted text may mean. */
export type PastedReceipt =
  | { found: 'none' | 'several' }
  /**
   * One receipt. There are several readings if other digits stand directly next to it, such as a
   * year before its groups; at most one of them was ever given.
   */
  | { found: 'one'; readings: readonly string[] }

/** Letters that look like a hex digit, from other scripts or bad copies. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  α: 'a',
  ᴀ: 'a',
  в: 'b',
  β: 'b',
  ʙ: 'b',
  ь: 'b',
  с: 'c',
  ϲ: 'c',
  ᴄ: 'c',
  ԁ: 'd',
  ᴅ: 'd',
  е: 'e',
  ё: 'e',
  ε: 'e',
  ᴇ: 'e',
  ғ: 'f',
  ꜰ: 'f',
  о: '0',
  o: '0',
  ο: '0',
  ø: '0',
  l: '1',
  i: '1',
  ı: '1',
  ι: '1',
  '|': '1',
}
const lookAlike = new RegExp(`[${Object.keys(lookAlikes).join('')}]`, 'gu')

/** Letters of scripts without look-alikes, which may stand next to a digit without a space. */
const otherLetters =
  /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Arab}\p{sc=Hebr}\p{sc=Tibt}\p{sc=Thai}]+/gu

const separators = /[\s\p{P}\p{C}\p{S}]+/u

/** A word that is not hex digits, so that no receipt continues across it. */
const notADigit = ' x '

/**
 * Numbers next to a receipt, whose digits would otherwise seem to be part of it: those of a list at
 * the start of a line, days and times.
 */
const otherNumbers: readonly RegExp[] = [
  /^[ \t>*-]*\d{1,2}[.)](?=\s)/gm,
  /(?<![0-9a-f])\d{4}\s?([-./])\s?\d{1,2}\s?\1\s?\d{1,2}\.?(?![0-9a-f])/g,
  /(?<![0-9a-f])\d{1,2}([-./])\d{1,2}\1\d{4}(?![0-9a-f])/g,
  /(?<![0-9a-f])\d{1,2} (?:dec|feb)[a-z]* \d{4}(?![0-9a-f])/g,
  /(?<![0-9a-f:])\d{1,2}:\d{2}(?::\d{2})?(?![0-9a-f:])/g,
]
/** Numbers of lines, without a point. */
const lineNumbers = /^[ \t>*-]*\d{1,2}[ :\t]\s*/gm

/** By their names, because a receipt in pointed brackets may also begin with a letter. */
const tags =
  /<\/?(?:a|b|bdi|br|code|div|em|font|i|kbd|li|p|pre|samp|span|strong|td|th|tr|tt|wbr)\b[^<>]*>/gu

const hexDigits = /^[0-9a-f]+$/

/**
 * The receipt in a text that a person pasted: its address, a card with a heading, JSON, HTML,
 * groups, quote marks, capitals, or full-width or look-alike letters around or inside it.
 */
export function readReceipt(pasted: string): PastedReceipt {
  const folded = foldPasted(pasted)
  for (const text of [folded, withDigitsForLookAlikes(folded)]) {
    const read = readDigits(text)
    const withoutNumbers = readDigits(text.replace(lineNumbers, ' '))
    if (read.found === 'none' && withoutNumbers.found === 'none') continue
    if (read.found !== 'one' || withoutNumbers.found !== 'one')
      return read.found === 'none' ? withoutNumbers : read
    return { found: 'one', readings: [...new Set([...read.readings, ...withoutNumbers.readings])] }
  }
  return { found: 'none' }
}

function foldPasted(pasted: string): string {
  const plain = toAsciiDigits(
    pasted
      // Numbers in circles, which NFKC would turn into digits.
      .replace(/[\u2460-\u24ff\u2776-\u2793]/gu, ' ')
      .normalize('NFKC'),
  )
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/%(?:20|0[ad]|2[0-9cf]|3a)|&nbsp;|&#(?:160|xa0);/gu, ' ')
    .replace(tags, ' ')
    .replace(otherLetters, notADigit)
    .replace(/(?<![0-9a-f])0x(?=[0-9a-f])/gu, ' ')
  return otherNumbers.reduce((text, numbers) => text.replace(numbers, ' '), plain)
}

/** Replaces look-alikes only in words that contain a digit: `code` and `old` stay words. */
function withDigitsForLookAlikes(text: string): string {
  return text
    .split(/(\s+)/u)
    .map((word) =>
      /\d/.test(word) ? word.replace(lookAlike, (letter) => lookAlikes[letter] ?? '') : word,
    )
    .join('')
}

function readDigits(text: string): PastedReceipt {
  const sequences = sequencesIn(text.split(separators)).filter(
    (words) => words.join('').length >= receiptDigits,
  )
  if (!sequences.every(isShortOfTwo)) return { found: 'several' }
  const found = sequences.map(readingsOf).filter((readings) => readings.size > 0)
  const [first, ...others] = found
  if (first === undefined) return { found: 'none' }
  const readings = others.reduce(
    (left, right) => new Set([...left].filter((reading) => right.has(reading))),
    first,
  )
  return readings.size > 0 ? { found: 'one', readings: [...readings] } : { found: 'several' }
}

/** Words of hex digits that follow each other. */
function sequencesIn(words: readonly string[]): string[][] {
  const sequences: string[][] = [[]]
  for (const word of words) {
    if (hexDigits.test(word)) sequences.at(-1)?.push(word)
    else sequences.push([])
  }
  return sequences.map(withoutRepeat)
}

/** The same receipt pasted twice is one. */
function withoutRepeat(words: string[]): string[] {
  const whole = words.join('')
  const once = whole.slice(0, receiptDigits)
  const times = whole.length / receiptDigits
  return times > 1 && Number.isInteger(times) && once.repeat(times) === whole ? [once] : words
}

const isShortOfTwo = (words: readonly string[]): boolean =>
  words.join('').length < 2 * receiptDigits

/** Consecutive words that together have 64 digits. */
function readingsOf(words: readonly string[]): Set<string> {
  const readings = new Set<string>()
  for (let start = 0; start < words.length; start += 1) {
    let run = ''
    for (let end = start; run.length < receiptDigits && end < words.length; end += 1)
      run += words[end] ?? ''
    if (run.length === receiptDigits) readings.add(run)
  }
  return readings
}
