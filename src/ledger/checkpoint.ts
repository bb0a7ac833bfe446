import { createHash } from 'node:crypto'
import { readBounded } from '../disk/small-files.ts'
import { isDay } from '../time/day.ts'
import type { ChainEnd } from './chain.ts'
import { Days, type LedgerHistory } from './days.ts'
import { firstPrev } from './format.ts'
import { checkpointPath, type LedgerFiles } from './layout.ts'

/**
 * The state of the ledger after a segment, so that no reader has to start with the first line. Each
 * checkpoint holds the hash of the previous one, so that a changed or lost segment or checkpoint is
 * noticed.
 */
export interface Checkpoint extends ChainEnd {
  /** Number of the segment, from 1. */
  segment: number
  /** SHA-256 in hex of the previous checkpoint file; zeros in the first. */
  previous: string
  /** SHA-256 in hex of the index file. */
  index: string
  history: LedgerHistory
}

/** Enough for 32 days of up to 33 characters each and 4 hashes. */
const maxCheckpointBytes = 4096

const hexDigest = /^[0-9a-f]{64}$/
const format = 'tumen-ledger-checkpoint'

export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { segment, lines, head, previous, index, history } = checkpoint
  const { firstDay, lastDay } = history
  const document = {
    format,
    version: 1,
    segment,
    lines,
    head,
    previous,
    index,
    firstDay,
    lastDay,
    storedBytesByDay: [...history.storedBytesByDay],
  }
  return `${JSON.stringify(document)}\n`
}

/**
 * Null for anything that `formatCheckpoint` would not have written, byte for byte. Never throws.
 */
export function parseCheckpoint(text: string): Checkpoint | null {
  const checkpoint = readDocument(text)
  return checkpoint !== null && formatCheckpoint(checkpoint) === text ? checkpoint : null
}

export function hashCheckpoint(checkpoint: Checkpoint | null): string {
  return checkpoint === null
    ? firstPrev
    : createHash('sha256').update(formatCheckpoint(checkpoint)).digest('hex')
}

/** Null if there is no such checkpoint, `damaged` if its file is not valid. */
export async function readCheckpoint(
  files: LedgerFiles,
  segment: number,
): Promise<Checkpoint | 'damaged' | null> {
  if (segment === 0) return null
  const bytes = await readBounded(checkpointPath(files, segment), maxCheckpointBytes)
  if (bytes === null) return null
  const checkpoint = parseCheckpoint(Buffer.from(bytes).toString('utf8'))
  return checkpoint?.segment === segment ? checkpoint : 'damaged'
}

function readDocument(text: string): Checkpoint | null {
  try {
    const document = JSON.parse(text) as Record<string, unknown>
    const { segment, lines, head, previous, index, firstDay, lastDay, storedBytesByDay } = document
    if (!isCount(segment) || !isCount(lines)) return null
    if (!isHash(head) || !isHash(previous) || !isHash(index)) return null
    if (!isDayText(firstDay) || !isDayText(lastDay) || !isByDay(storedBytesByDay)) return null
    const days = new Days({ firstDay, lastDay, storedBytesByDay: new Map(storedBytesByDay) })
    return { segment, lines, head, previous, index, history: days }
  } catch {
    return null
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && hexDigest.test(value)
}

function isDayText(value: unknown): value is string {
  return typeof value === 'string' && isDay(value)
}

function isByDay(value: unknown): value is [string, number][] {
  return (
    Array.isArray(value) &&
    value.every((entry) => Array.isArray(entry) && isDayText(entry[0]) && isCount(entry[1]))
  )
}
