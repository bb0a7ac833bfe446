import { printable } from '../text/printable.ts'

/** The start of a cell that spreadsheets interpret as a formula. */
const formulaStart = /^[=+\-@\t\r＝＋－＠]/u
/** The start of an HTML tag: both importers show some texts as HTML. */
const tagStart = /<(?=[a-z/!?])/giu
const plainNumber = /^-?\d+(?:\.\d+)?(?:\|-?\d+(?:\.\d+)?)?$/u

/**
 * A text as one safe cell: one line, without invisible characters, without `|`, which separates the
 * values of a list, and without HTML. A text that starts like a formula gets an apostrophe in
 * front, which spreadsheets interpret as "this is text". Numbers and coordinates stay.
 */
export function textCell(text: string | null | undefined): string {
  const plain = printable((text ?? '').normalize('NFC'))
    .replaceAll('|', ' ')
    .replace(tagStart, '‹')
    .trim()
  return formulaStart.test(plain) && !plainNumber.test(plain) ? `'${plain}` : plain
}

/** The values of a list as one cell, separated by `|`. */
export function listCell(values: readonly string[]): string {
  return values
    .map(textCell)
    .filter((value) => value !== '')
    .join('|')
}
