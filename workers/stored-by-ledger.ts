import type { Ledger } from '../src/ledger/writer.ts'
import type { StoredToday } from '../src/store/stored-today.ts'

/**
 * What the worker itself has in its ledger is stored, whatever Redis knows. It is told to Redis
 * again, since the other machines have nothing else.
 */
export function withLedger(ledger: Pick<Ledger, 'lastOf'>, stored: StoredToday): StoredToday {
  return {
    ...stored,
    async among(receipts) {
      const found = new Set(await stored.among(receipts))
      const lost = receipts.filter(
        (receipt) => !found.has(receipt) && ledger.lastOf(receipt)?.event === 'stored',
      )
      if (lost.length > 0) await stored.add(lost)
      for (const receipt of lost) found.add(receipt)
      return found
    },
  }
}
