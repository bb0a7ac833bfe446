import { type ChainEnd, chainStart } from './chain.ts'
import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import { LedgerError } from './errors.ts'
import { hashLine, formatLine } from './format.ts'
import { lastSegment, ledgerFilesOf } from './layout.ts'
import { readLedger } from './read.ts'

/** The end of a ledger's chain as of the end of a day. */
export interface DailyHead {
  day: string
  /** Number of lines up to the end of that day. */
  lines: number
  /** Hash of the last of them: what the `prev` of the next line must be. */
  head: string
}

/**
 * Reads the ledger from its first line. A later copy of it must have this head at this line.
 * @throws LedgerError `CHAIN_BROKEN`.
 */
export function readDailyHead(path: string, day: string): Promise<DailyHead> {
  return readHeadAfter(null, path, day)
}

/**
 * Like `readDailyHead`, but believes the last checkpoint of that day or before, and reads only what
 * follows it. Ops checks all segments in turn.
 */
export async function readRecentHead(path: string, day: string): Promise<DailyHead> {
  return readHeadAfter(await lastCheckpointUntil(path, day), path, day)
}

async function readHeadAfter(
  after: Checkpoint | null,
  path: string,
  day: string,
): Promise<DailyHead> {
  let { lines, head }: ChainEnd = after ?? chainStart
  const reading = await readLedger(
    path,
    (line) => {
      if (line.day > day) return
      lines = line.seq
      head = hashLine(formatLine(line))
    },
    after,
  )
  if (reading.ok) return { day, lines, head }
  throw new LedgerError(
    'CHAIN_BROKEN',
    `line ${reading.firstBadLine ?? 0} of the ledger does not follow the one before: see docs/operations.md`,
  )
}

/** Null if there is none, or a damaged one, which reading from the first line reports. */
async function lastCheckpointUntil(path: string, day: string): Promise<Checkpoint | null> {
  const files = ledgerFilesOf(path)
  for (let segment = await lastSegment(files); segment > 0; segment -= 1) {
    const checkpoint = await readCheckpoint(files, segment)
    if (checkpoint === null || checkpoint === 'damaged') return null
    if ((checkpoint.history.lastDay ?? '') <= day) return checkpoint
  }
  return null
}

/** One line of JSON, which `minisign` signs as a file. */
export function formatDailyHead({ day, lines, head }: DailyHead): string {
  return `${JSON.stringify({ format: 'tumen-ledger-head', version: 1, day, lines, head })}\n`
}
