import type { CanaryProof } from '../src/canary/proof.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import type { Reasons } from '../src/store/reasons.ts'
import type { Attempts } from './attempts.ts'
import { Gate } from './gate.ts'
import { inspectEnvelope, type Walker } from './inspect.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/** An envelope that has taken the whole process with it this often, running alone, is parked. */
export const maxCrashes = 3

/** A job that BullMQ found abandoned this often is looked at alone from then on. */
export const suspectAfterStalls = 3

/** `absent`: not in the spool, so another run has dealt with it. */
export type StoreOutcome = 'stored' | 'quarantined' | 'absent'

export interface StoreHandler {
  /**
   * Moves one envelope from the spool to the vault, or to quarantine if it can
   * never be stored. May be called any number of times, also at once.
   *
   * With `isSuspect` it runs while nothing else does and leaves a note first, so
   * that an envelope which kills the process is the only one blamed for it. One
   * with a note from an earlier process is a suspect whatever the caller says.
   *
   * @throws StoreError or LedgerError when the disk fails: to be tried again, for ever.
   */
  store: (receipt: Receipt, options?: { isSuspect?: boolean }) => Promise<StoreOutcome>
  /** Resolves when nothing runs, however it ended. */
  settled(): Promise<void>
}

export interface StoreHandlerOptions {
  store: BlobStore
  ledger: Ledger
  attempts: Attempts
  reasons: Reasons
  createWalker: () => Walker
  /**
   * Of ops: stored like a tip and never written into the ledger, where it would be a clock beside
   * the tips.
   */
  canaries?: Pick<CanaryProof, 'isCanary'>
  /** The reason is a code; the receipt is not told. */
  onQuarantine: (reason: string) => void
}

export function createStoreHandler(options: StoreHandlerOptions): StoreHandler {
  const running = new Map<Receipt, Promise<StoreOutcome>>()
  const gate = new Gate()

  const start = (receipt: Receipt, isSuspect: boolean): Promise<StoreOutcome> =>
    isSuspect
      ? gate.alone(() => storeSuspect(options, receipt))
      : gate.together(() => storeEnvelope(options, receipt))

  return {
    store(receipt, { isSuspect = false } = {}) {
      const earlier = running.get(receipt)
      if (earlier !== undefined) return earlier
      const run = start(receipt, isSuspect || options.attempts.noted().has(receipt)).finally(() =>
        running.delete(receipt),
      )
      running.set(receipt, run)
      return run
    },
    async settled() {
      await Promise.allSettled(running.values())
    },
  }
}

/**
 * The vault first, the ledger second: a crash in between leaves a blob without a
 * line, which `reconcile` sees, and never a line that claims what is not there.
 */
async function storeEnvelope(
  options: StoreHandlerOptions,
  receipt: Receipt,
): Promise<StoreOutcome> {
  const { store, ledger, createWalker, canaries } = options
  const inspection = await inspectEnvelope(store, receipt, createWalker())
  if (inspection === null) return 'absent'
  if (inspection.fault !== null) return park(options, receipt, inspection.bytes, inspection.fault)
  const isCanary = await canaries?.isCanary('incoming', receipt)
  if ((await store.move(receipt, 'incoming', 'sealed')) === 'missing') return 'absent'
  if (isCanary !== true) await ledger.append('stored', receipt, inspection.bytes)
  return 'stored'
}

async function storeSuspect(options: StoreHandlerOptions, receipt: Receipt): Promise<StoreOutcome> {
  const crashes = await options.attempts.begin(receipt)
  try {
    if (crashes < maxCrashes) return await storeEnvelope(options, receipt)
    // Not read again, not even to count its bytes: reading may be what kills.
    const bytes = await findBytes(options.store, receipt)
    return bytes === null ? 'absent' : await park(options, receipt, bytes, 'WORKER_CRASHED')
  } finally {
    await options.attempts.end(receipt)
  }
}

async function park(
  options: StoreHandlerOptions,
  receipt: Receipt,
  bytes: number,
  reason: string,
): Promise<StoreOutcome> {
  await options.reasons.note(receipt, reason)
  if ((await options.store.move(receipt, 'incoming', 'quarantine')) === 'missing') return 'absent'
  await options.ledger.append('quarantined', receipt, bytes)
  options.onQuarantine(reason)
  return 'quarantined'
}

async function findBytes(store: BlobStore, receipt: Receipt): Promise<number | null> {
  for await (const entry of store.list('incoming'))
    if (entry.receipt === receipt) return entry.bytes
  return null
}
