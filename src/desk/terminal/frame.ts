import { cursorMark } from './clean.ts'
import { countCells, cut, fit } from './width.ts'

/** What the terminal shall show: exactly as many lines as it has, none wider than it is. */
export interface Frame {
  readonly lines: readonly string[]
  /** Where the typing goes, from nought; null: nowhere. An input method opens its window there. */
  readonly cursor: { readonly row: number; readonly column: number } | null
}

/**
 * Bold and reverse alone: they read the same without colours. Only ever put around a whole, cleaned
 * text.
 */
export const bold = (text: string): string => `\u{1B}[1m${text}\u{1B}[0m`
export const reverse = (text: string): string => `\u{1B}[7m${text}\u{1B}[0m`

/** Takes the cursor mark out of the lines, and fills up or cuts to `rows`. */
export function makeFrame(lines: readonly string[], rows: number): Frame {
  const shown = Array.from({ length: rows }, (_, row) => lines[row] ?? '')
  const row = shown.findIndex((line) => line.includes(cursorMark))
  if (row < 0) return { lines: shown, cursor: null }
  const column = countCells((shown[row] ?? '').split(cursorMark)[0] ?? '')
  return { lines: shown.map((line) => line.replaceAll(cursorMark, '')), cursor: { row, column } }
}

/** The bar with the keys that matter: as many as fit, each whole. */
export function keyBar(keys: readonly string[], columns: number): string {
  const fitting = keys.reduce(
    (bar, key) => (countCells(bar) + countCells(key) + 2 > columns ? bar : `${bar}  ${key}`),
    '',
  )
  return reverse(fit(fitting.slice(1), columns))
}

export const bar = (left: string, right: string, columns: number): string => {
  const room = columns - countCells(right) - 3
  return reverse(` ${fit(cut(left, room), room)} ${right} `)
}
