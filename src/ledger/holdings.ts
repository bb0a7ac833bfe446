import { readFile } from 'node:fs/promises'
import type { Checkpoint } from './checkpoint.ts'
import type { LedgerCheck, LedgerPosition } from './follow.ts'
import { indexPath, ledgerFilesOf } from './layout.ts'
import { type LastEvent, ReceiptIndex } from './receipt-index.ts'
import { hashIndex } from './roll.ts'
import { RunningTally, type Tally } from './tally.ts'

/** The events after which an envelope still exists. */
export type Existing = 'stored' | 'collected'

/** What the ledger says about the envelopes that exist. */
export interface Holdings {
  /** Number of lines of the ledger. */
  lines: number
  /** The last event of an envelope that exists, otherwise null. */
  last(receipt: string): (LastEvent & { event: Existing }) | null
  /** What a listing says about such an envelope: its size, and the day of its last event. */
  blob(receipt: string): { bytes: number; day: Date } | null
  tally(event: Existing): Tally
  /** At most `max` receipts after this one, in their order: those that the ledger knows. */
  after(receipt: string, max: number): string[]
}

/** The content of the index of one checkpoint. */
interface Base {
  segment: number
  index: ReceiptIndex
  tallies: Record<Existing, Tally>
}

/**
 * Reads from the ledger which envelopes exist, so that nobody has to list a large vault. It takes
 * 42 bytes of memory for each envelope that exists, and the work of one call is bounded by the
 * length of a segment.
 *
 * @param path of `ledger.jsonl`.
 */
export function createHoldings(
  path: string,
  ledger: Pick<LedgerCheck, 'position'>,
): { load(): Promise<Holdings | null> } {
  const files = ledgerFilesOf(path)
  let base: Base | null = null
  return {
    /** Null while the ledger is broken, or its index is damaged or missing. */
    async load() {
      const position = ledger.position()
      if (position === null) return null
      const segment = position.checkpoint?.segment ?? 0
      if (base?.segment !== segment) {
        // The old index is let go first: with two of them, ops would need the most memory.
        base = null
        base = await readBase(indexPath(files, segment), position.checkpoint)
      }
      return base && holdingsOf(base, position)
    },
  }
}

async function readBase(path: string, checkpoint: Checkpoint | null): Promise<Base | null> {
  if (checkpoint === null) return baseOf(0, new ReceiptIndex())
  const block = await readFile(path).catch(() => null)
  if (block === null) return null
  const index = new ReceiptIndex(block)
  return hashIndex(index) === checkpoint.index ? baseOf(checkpoint.segment, index) : null
}

function baseOf(segment: number, index: ReceiptIndex): Base {
  const tallies = { stored: index.tally('stored'), collected: index.tally('collected') }
  return { segment, index, tallies }
}

function holdingsOf({ index, tallies }: Base, { lines, fresh }: LedgerPosition): Holdings {
  const last = (receipt: string) => {
    const found = fresh.find('life', receipt) ?? index.find('life', receipt)
    return isExisting(found) ? found : null
  }
  return {
    lines,
    last,
    blob(receipt) {
      const found = last(receipt)
      return found && { bytes: found.bytes, day: new Date(`${found.day}T00:00:00Z`) }
    },
    tally(event) {
      const tally = new RunningTally(tallies[event])
      for (const [kind, receipt, now] of fresh.entries()) {
        if (kind === 'dead') continue
        const before = index.find('life', receipt)
        if (before?.event === event) tally.add(before, -1)
        if (now.event === event) tally.add(now)
      }
      return tally
    },
    after(receipt, max) {
      const found = index.after(receipt, max)
      for (const [kind, each] of fresh.entries())
        if (kind === 'life' && each > receipt) found.push(each)
      const receipts = [...new Set(found)].sort()
      return receipts.slice(0, max)
    },
  }
}

const isExisting = (found: LastEvent | null): found is LastEvent & { event: Existing } =>
  found?.event === 'stored' || found?.event === 'collected'
