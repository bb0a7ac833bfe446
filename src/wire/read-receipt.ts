import { toAsciiDigits } from './ascii-digits.ts'

/** Digits of a receipt: SHA-256 in hex. */
export const receiptDigits = 64

/** Letters that look like a hex digit, from other scripts or bad copies. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ё: 'e',
  ғ: 'f',
  о: '0',
  o: '0',
  l: '1',
  i: '1',
  ı: '1',
  '|': '1',
}

const separators = /[\s\p{P}\p{C}\p{S}]+/u

/**
 * Numbers next to a receipt, whose digits would otherwise seem to be part of it: those of a list at
 * the start of a line, days and times.
 */
const otherNumbers =
  /^[ \t>*-]*\d{1,2}[.)](?=\s)|(?<![0-9a-f])\d{4}([-./])\d{1,2}\1\d{1,2}(?![0-9a-f])|(?<![0-9a-f:])\d{1,2}:\d{2}(?::\d{2})?(?![0-9a-f:])/gm

const hexDigits = /^[0-9a-f]+$/

/**
 * The receipt in a text that a person pasted: its address, a card with a heading, JSON, groups,
 * quote marks, capitals, or full-width or look-alike letters around or inside it.
 * @returns 64 lower-case hex digits, or null unless there is exactly one such sequence.
 */
export function readReceipt(pasted: string): string | null {
  const folded = toAsciiDigits(pasted.normalize('NFKC'))
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(otherNumbers, ' / ')
  return onlyRun(folded) ?? onlyRun(withDigitsForLookAlikes(folded))
}

/** Consecutive words of hex digits that together make 64 digits. */
function onlyRun(text: string): string | null {
  const words = text.split(separators)
  const found = new Set<string>()
  for (let start = 0; start < words.length; start += 1) {
    let run = ''
    for (let end = start; run.length < receiptDigits; end += 1) {
      const word = words[end]
      if (word === undefined || !hexDigits.test(word)) break
      run += word
    }
    if (run.length === receiptDigits) found.add(run)
  }
  const [only] = found
  return found.size === 1 && only !== undefined ? only : null
}

/** Replaces look-alikes only in words that contain a digit: `code` and `old` stay words. */
function withDigitsForLookAlikes(text: string): string {
  return text
    .split(/(\s+)/u)
    .map((word) =>
      /\d/.test(word)
        ? word.replace(/[авсԁеёғоoliı|]/gu, (letter) => lookAlikes[letter] ?? '')
        : word,
    )
    .join('')
}
