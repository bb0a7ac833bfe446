import { createHash } from 'node:crypto'
import { isDay } from '../time/day.ts'

/** What can happen to an envelope after its receipt was issued. */
export const ledgerEvents = ['stored', 'collected', 'deleted', 'quarantined', 'discarded'] as const
export type LedgerEvent = (typeof ledgerEvents)[number]

export interface LedgerLine {
  seq: number
  /** `YYYY-MM-DD`, UTC. No finer time is stored. */
  day: string
  event: LedgerEvent
  receipt: string
  bytes: number
  /** SHA-256 in hex of the previous line, including its newline. */
  prev: string
}

/** `prev` of the first line. */
export const firstPrev = '0'.repeat(64)

/** The longest line that can be written is 242 bytes (both numbers at 2^53 - 1). */
export const maxLineBytes = 512

const hexDigest = /^[0-9a-f]{64}$/

/** One line, with its newline. The order of the fields is part of the format. */
export function formatLine({ seq, day, event, receipt, bytes, prev }: LedgerLine): string {
  return `${JSON.stringify({ seq, day, event, receipt, bytes, prev })}\n`
}

/** The `prev` of the line after this one; `line` ends with its newline. */
export function hashLine(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex')
}

/**
 * Null for anything that `formatLine` would not have written, byte for byte. `text` ends with its
 * newline. Never throws.
 */
export function parseLine(text: string): LedgerLine | null {
  if (text.length > maxLineBytes) return null
  const line = parseJson(text)
  return isLedgerLine(line) && formatLine(line) === text ? line : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isLedgerLine(value: unknown): value is LedgerLine {
  if (typeof value !== 'object' || value === null) return false
  const line = value as Record<string, unknown>
  return (
    isCount(line.seq) &&
    isCount(line.bytes) &&
    typeof line.day === 'string' &&
    isDay(line.day) &&
    isText(line.receipt, hexDigest) &&
    isText(line.prev, hexDigest) &&
    ledgerEvents.some((event) => event === line.event)
  )
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}
