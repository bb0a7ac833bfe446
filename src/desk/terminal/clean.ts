import { printable as printableView } from '../text/printable.ts'

/**
 * Marks where the typing goes in a drawn line; `printable` leaves no private-use character in any
 * text.
 */
export const cursorMark = '\u{E000}'

const lineEnds = /\r\n?|[\u2028\u2029\u0085]/gu
/**
 * ESC and its kin would command the terminal; private-use and unassigned ones have no width anybody
 * agrees on.
 */
const unprintable = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}]/gu
/**
 * Bidi overrides and isolates, joiners, tags, variation selectors: invisible, and terminals
 * disagree on their width.
 */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu
const manyMarks = /(\p{M}{6})\p{M}+/gu

/**
 * What somebody types, as they typed it, but for what would move the cursor, turn the order of
 * words or have no certain width.
 */
export function printableTyped(text: string): string {
  return text
    .normalize('NFC')
    .replace(lineEnds, '\n')
    .replaceAll('\t', '    ')
    .replace(invisible, '')
    .replace(manyMarks, '$1')
    .replace(unprintable, (character) => (character === '\n' ? character : '\u{FFFD}'))
}

/** Any text of a tip, on one line. */
export function printable(text: string, maxCharacters = 2_000): string {
  return printableTyped(printableView(text, { maxCharacters }))
}

/** Any text of a tip, with its lines. */
export function printableLines(text: string): string {
  return printableTyped(printableView(text, { keepsNewlines: true }))
}
