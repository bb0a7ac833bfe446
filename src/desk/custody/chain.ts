import { createHash } from 'node:crypto'
import type { CustodyEntry } from './record.ts'

/** A line of `custody.jsonl`. */
export interface CustodyLine extends CustodyEntry {
  seq: number
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  time: string
  role: string
  tool: string
  /** SHA-256 of the previous line without its newline; in the first line, 64 zeros. */
  prev: string
}

export const beginningOfChain = '0'.repeat(64)
/** Longer than any line that `recordCustody` writes. */
export const maxLineBytes = 16 * 1024

export function digestOfLine(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex')
}

/** Formats a line as JSON, with its fields in a fixed order. */
export function formatLine({
  seq,
  time,
  role,
  action,
  item,
  sha256,
  tool,
  reason,
  prev,
}: CustodyLine): string {
  return JSON.stringify({ seq, time, role, action, item, sha256, tool, reason, prev })
}

/** Null for text that is not a line of a custody log. */
export function parseLine(text: string): CustodyLine | null {
  try {
    const value = JSON.parse(text) as Partial<CustodyLine> | null
    if (typeof value !== 'object' || value === null || !Number.isSafeInteger(value.seq)) return null
    const texts = [value.time, value.role, value.action, value.item, value.tool, value.prev]
    const isWhole =
      texts.every((field) => typeof field === 'string') &&
      [value.sha256, value.reason].every((field) => field === null || typeof field === 'string')
    return isWhole ? (value as CustodyLine) : null
  } catch {
    return null
  }
}
