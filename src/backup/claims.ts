import type { LedgerLine } from '../ledger/format.ts'
import { type LedgerReading, readLedger } from '../ledger/read.ts'

export type Stage = Extract<LedgerLine['event'], 'stored' | 'collected' | 'deleted'>

/**
 * The envelopes that must be in the vault according to the ledger, and those that it records as
 * removed.
 */
export interface Claims {
  stages: ReadonlyMap<string, Stage>
  discarded: ReadonlySet<string>
  reading: LedgerReading
}

export async function readClaims(path: string): Promise<Claims> {
  const stages = new Map<string, Stage>()
  const discarded = new Set<string>()
  const reading = await readLedger(path, ({ event, receipt }) => {
    if (event === 'discarded') discarded.add(receipt)
    else if (event === 'quarantined') discarded.delete(receipt)
    else stages.set(receipt, event)
  })
  return { stages, discarded, reading }
}
