import { printable } from '../text/printable.ts'

/** What a spreadsheet takes for a formula. */
const formulaStart = /^[=+\-@\t\r＝＋－＠]/u
/** What a browser takes for the beginning of a tag: both importers show some texts as HTML. */
const tagStart = /<(?=[a-z/!?])/giu
const plainNumber = /^-?\d+(?:\.\d+)?(?:\|-?\d+(?:\.\d+)?)?$/u

/**
 * Somebody's text as a cell: one line, nothing invisible, no `|` (it parts the values of a list),
 * no HTML, and never a formula: what begins like one gets an apostrophe, which spreadsheets take as
 * "text follows". Numbers and coordinates stay.
 */
export function textCell(text: string | null | undefined): string {
  const plain = printable((text ?? '').normalize('NFC'))
    .replaceAll('|', ' ')
    .replace(tagStart, '‹')
    .trim()
  return formulaStart.test(plain) && !plainNumber.test(plain) ? `'${plain}` : plain
}

/** Values of a list, parted by `|`. */
export function listCell(values: readonly string[]): string {
  return values
    .map(textCell)
    .filter((value) => value !== '')
    .join('|')
}
