import stringWidth from 'string-width'
import { cursorMark } from './clean.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The grapheme clusters of a text: what a person calls characters. */
export function* eachCharacter(text: string): Generator<string, undefined> {
  for (const { segment } of segmenter.segment(text)) yield segment
  return undefined
}

/** The number of terminal cells that a character takes. */
function cellsOf(character: string): number {
  const code = character.charCodeAt(0)
  if (character.length === 1 && code >= 0x20 && code < 0x7f) return 1
  if (character.length === 1 && code >= 0xac00 && code <= 0xd7a3) return 2
  return stringWidth(character.replace(cursorMark, ''))
}

/** The number of terminal cells that a text takes; colour sequences take none. */
export function countCells(text: string): number {
  return stringWidth(text.replace(cursorMark, ''))
}

/** A text of exactly `cells` width: cut with `…`, or padded with blanks. */
export function fit(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const kept = cut(text, cells)
  const blanks = ' '.repeat(Math.max(0, cells - countCells(kept)))
  return align === 'left' ? kept + blanks : blanks + kept
}

/** A text cut to at most `cells` width. */
export function cut(text: string, cells: number): string {
  if (cells <= 0) return ''
  let kept = ''
  let used = 0
  let beforeLast = ''
  for (const character of eachCharacter(text)) {
    const width = cellsOf(character)
    if (used + width > cells) return `${beforeLast}…`
    kept += character
    used += width
    if (used <= cells - 1) beforeLast = kept
  }
  return kept
}

/**
 * Lines of at most `cells` width, broken between words where possible; always at least one line.
 */
export function wrap(text: string, cells: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(2, cells)))
}

function wrapLine(line: string, cells: number): string[] {
  const lines: string[] = []
  let current = ''
  let used = 0
  for (const word of line.split(/(?<= )(?=[^ ])/u)) {
    const width = countCells(word.trimEnd())
    if (used > 0 && used + width > cells) {
      lines.push(current)
      current = ''
      used = 0
    }
    for (const character of eachCharacter(word)) {
      const characterCells = cellsOf(character)
      if (used + characterCells > cells) {
        lines.push(current)
        current = ''
        used = 0
        if (character === ' ') continue
      }
      current += character
      used += characterCells
    }
  }
  return [...lines, current]
}
