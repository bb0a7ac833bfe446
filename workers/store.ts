import type { CanaryProof } from '../src/canary/proof.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import type { Reasons } from '../src/store/reasons.ts'
import type { Attempts } from './attempts.ts'
import { SharedLock } from './shared-lock.ts'
import { inspectEnvelope, type Walker } from './inspect.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/** An envelope is quarantined after the process has died this often while storing it alone. */
export const maxCrashes = 3

/** After BullMQ has found a job abandoned this often, its envelope is stored alone. */
export const suspectAfterStalls = 3

/** `absent`: not in the spool, so another run has dealt with the envelope. */
export type StoreOutcome = 'stored' | 'quarantined' | 'absent'

export interface StoreHandler {
  /**
   * Moves one envelope from the spool to the vault, or to quarantine if it can never be stored. May
   * be called any number of times, even concurrently.
   *
   * With `isSuspect` it runs alone and first writes a note, so that only the envelope which kills
   * the process is blamed for it. An envelope with a note from an earlier process is always treated
   * as a suspect.
   *
   * @throws StoreError or LedgerError if the disk fails; the caller retries without limit.
   */
  store: (receipt: Receipt, options?: { isSuspect?: boolean }) => Promise<StoreOutcome>
  /** Resolves when no call is running, whether they succeeded or failed. */
  settled(): Promise<void>
}

export interface StoreHandlerOptions {
  store: BlobStore
  ledger: Ledger
  attempts: Attempts
  reasons: Reasons
  createWalker: () => Walker
  /**
   * Recognises the canaries of ops. They are stored like tips but never written into the ledger,
   * where they would show the time between the lines of tips.
   */
  canaries?: Pick<CanaryProof, 'isCanary'>
  /** Called with the code of the reason, without the receipt. */
  onQuarantine: (reason: string) => void
}

export function createStoreHandler(options: StoreHandlerOptions): StoreHandler {
  const running = new Map<Receipt, Promise<StoreOutcome>>()
  const lock = new SharedLock()

  const start = (receipt: Receipt, isSuspect: boolean): Promise<StoreOutcome> =>
    isSuspect
      ? lock.exclusive(() => storeSuspect(options, receipt))
      : lock.shared(() => storeEnvelope(options, receipt))

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
 * Changes the vault first and the ledger second: a crash in between leaves a blob without a line,
 * which `reconcile` notices, and never a line for a blob that does not exist.
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
    // The envelope is not read again, not even to count its bytes: reading may be what kills the
    // process.
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
