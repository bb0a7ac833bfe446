import { printable as printableView } from '../text/printable.ts'

/**
 * Marks the cursor in a drawn line; no other text contains it, as `printable` removes private-use
 * characters.
 */
export const cursorMark = '\u{E000}'

const lineEnds = /\r\n?|[\u2028\u2029\u0085]/gu
/**
 * ESC and other control characters would command the terminal; terminals disagree on the width of
 * private-use and unassigned characters.
 */
const unprintable = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}]/gu
/**
 * Bidi overrides and isolates, joiners, tags, variation selectors: invisible characters whose width
 * differs between terminals.
 */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu
const manyMarks = /(\p{M}{6})\p{M}+/gu

/**
 * Typed text, without characters that would move the cursor, reorder words or have no certain
 * width.
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

/** Any text of a tip, made printable on one line. */
export function printable(text: string, maxCharacters = 2_000): string {
  return printableTyped(printableView(text, { maxCharacters }))
}

/** Any text of a tip, made printable with its line breaks. */
export function printableLines(text: string): string {
  return printableTyped(printableView(text, { keepsNewlines: true }))
}
