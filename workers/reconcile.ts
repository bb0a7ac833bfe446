import type { CanaryProof } from '../src/canary/proof.ts'
import type { BlobStore, KnownBlob } from '../src/store/blob-store.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/** Lines that wait together, so that they share one write and one fsync. */
const batchLines = 2048

export interface ReconcileOptions {
  store: BlobStore
  ledger: Ledger
  canaries?: Pick<CanaryProof, 'isCanary'>
  isStopping?: () => boolean
}

/**
 * Writes the lines that a crash, a full disk or a lost ledger left out. Every change is made to the
 * blob first and to the ledger second, so the folders show what is missing. It may run beside
 * storing, and must not run beside `collect` or `retention`, whose moves it could see half done.
 *
 * What the ledger knows costs no look at the file: a vault of a million envelopes is compared in
 * seconds.
 *
 * @returns how many lines were missing.
 */
export async function reconcile(options: ReconcileOptions): Promise<number> {
  const { store, ledger, canaries, isStopping } = options
  const lines = new Batch(ledger)
  for await (const { receipt, bytes } of store.list('quarantine'))
    await lines.add('quarantined', receipt, bytes)
  for await (const { receipt, bytes } of store.list('sealed', knownTo(ledger))) {
    if (isStopping?.()) return await lines.flush()
    const last = ledger.lastOf(receipt)
    if (last?.event === 'stored') continue
    if (last === null && (await canaries?.isCanary('sealed', receipt))) continue
    await lines.add('stored', receipt, bytes)
  }
  for await (const { receipt, bytes } of store.list('collected', knownTo(ledger))) {
    if (isStopping?.()) return await lines.flush()
    const last = ledger.lastOf(receipt)
    // Deleting writes the line first: a blob that is still there after it has yet to go.
    if (last?.event === 'collected' || last?.event === 'deleted') continue
    await lines.add('stored', receipt, bytes)
    await lines.add('collected', receipt, bytes)
  }
  const missing = await lines.flush()
  // A failed append inside has thrown, so nothing is behind that was before.
  ledger.settle()
  return missing
}

function knownTo(ledger: Ledger): KnownBlob {
  return (receipt) => {
    const last = ledger.lastOf(receipt)
    return last && { bytes: last.bytes, day: new Date(`${last.day}T00:00:00Z`) }
  }
}

class Batch {
  readonly #ledger: Ledger
  #waiting: Promise<boolean>[] = []
  #written = 0

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async add(...line: Parameters<Ledger['append']>): Promise<void> {
    const appending = this.#ledger.append(...line)
    // A failure is thrown by `flush`, which awaits the same promise.
    appending.catch(() => {})
    this.#waiting.push(appending)
    if (this.#waiting.length >= batchLines) await this.flush()
  }

  /** @returns how many lines were written so far. @throws LedgerError `IO_FAILED`. */
  async flush(): Promise<number> {
    const waiting = this.#waiting
    this.#waiting = []
    for (const isNew of await Promise.all(waiting)) if (isNew) this.#written += 1
    return this.#written
  }
}
