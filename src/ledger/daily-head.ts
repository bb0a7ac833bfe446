import { chainStart } from './chain.ts'
import { LedgerError } from './errors.ts'
import { hashLine, formatLine } from './format.ts'
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
export async function readDailyHead(path: string, day: string): Promise<DailyHead> {
  let { lines, head }: { lines: number; head: string } = chainStart
  const reading = await readLedger(path, (line) => {
    if (line.day > day) return
    lines = line.seq
    head = hashLine(formatLine(line))
  })
  if (reading.ok) return { day, lines, head }
  throw new LedgerError(
    'CHAIN_BROKEN',
    `line ${reading.firstBadLine ?? 0} of the ledger does not follow the one before: see docs/operations.md`,
  )
}

/** One line of JSON, which `minisign` signs as a file. */
export function formatDailyHead({ day, lines, head }: DailyHead): string {
  return `${JSON.stringify({ format: 'tumen-ledger-head', version: 1, day, lines, head })}\n`
}
