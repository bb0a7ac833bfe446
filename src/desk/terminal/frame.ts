import { cursorMark } from './clean.ts'
import { countCells, cut, fit } from './width.ts'

/** What the terminal shows: exactly as many lines as it has, none wider than it is. */
export interface Frame {
  readonly lines: readonly string[]
  /** Position of the cursor, from zero, or null. Input methods open their window there. */
  readonly cursor: { readonly row: number; readonly column: number } | null
}

/**
 * Only bold and reverse video are used, because they work without colours. Always applied to a
 * whole, cleaned text.
 */
export const bold = (text: string): string => `\u{1B}[1m${text}\u{1B}[0m`
export const reverse = (text: string): string => `\u{1B}[7m${text}\u{1B}[0m`

/** Removes the cursor mark from the lines, and pads or cuts them to `rows`. */
export function makeFrame(lines: readonly string[], rows: number): Frame {
  const shown = Array.from({ length: rows }, (_, row) => lines[row] ?? '')
  const row = shown.findIndex((line) => line.includes(cursorMark))
  if (row < 0) return { lines: shown, cursor: null }
  const column = countCells((shown[row] ?? '').split(cursorMark)[0] ?? '')
  return { lines: shown.map((line) => line.replaceAll(cursorMark, '')), cursor: { row, column } }
}

/** The bar at the bottom with the most useful keys: as many as fit, none cut off. */
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
