import type { LedgerLine } from '../ledger/format.ts'
import { type LedgerReading, readLedger } from '../ledger/read.ts'

export type Stage = Extract<LedgerLine['event'], 'stored' | 'collected' | 'deleted'>

/** What a ledger says must be in the vault, and what it says was removed on purpose. */
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
