import type { CanaryProof } from '../src/canary/proof.ts'
import type { BlobEntry, BlobStore, KnownBlob } from '../src/store/blob-store.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/**
 * Number of envelopes that are looked at together, and of lines that are appended together, so that
 * they share one write and one fsync.
 */
const batchSize = 2048

export interface ReconcileOptions {
  store: BlobStore
  ledger: Ledger
  canaries?: Pick<CanaryProof, 'among'>
  isStopping?: () => boolean
  /** Called after each batch: what cannot wait until the whole vault is compared is done then. */
  between?: () => Promise<void>
}

/**
 * Writes the ledger lines that are missing after a crash, a full disk or the loss of the ledger.
 * Every change is made to the blob first and to the ledger second, so the folders show what is
 * missing. It may run while envelopes are stored, but not at the same time as `collect` or
 * `retention`, whose moves it could see half done.
 *
 * Envelopes that the ledger knows are compared without asking the file system, so a vault of a
 * million envelopes takes seconds. After the loss of the ledger each costs a line, which takes
 * minutes for a million; the memory it takes is that of one batch.
 *
 * @returns how many lines were missing.
 */
export async function reconcile(options: ReconcileOptions): Promise<number> {
  const { store, ledger, canaries, isStopping, between = () => Promise.resolve() } = options
  const lines = new Batch(ledger)
  const endComparing = ledger.startComparing()
  let found: BlobEntry[] = []
  const enterFound = async (): Promise<void> => {
    const entries = found
    found = []
    const unknown = entries.map(({ receipt }) => receipt).filter((each) => !ledger.lastOf(each))
    const sent = await canaries?.among('sealed', unknown)
    for (const { receipt, bytes } of entries)
      if (sent?.has(receipt) !== true) await lines.add('stored', receipt, bytes)
    await lines.flush()
    await between()
  }
  for await (const { receipt, bytes } of store.list('quarantine'))
    await lines.add('quarantined', receipt, bytes)
  let seen = 0
  for await (const entry of store.list('sealed', knownTo(ledger))) {
    if (isStopping?.()) return await lines.flush()
    if (ledger.lastOf(entry.receipt)?.event !== 'stored') found.push(entry)
    seen += 1
    if (seen % batchSize === 0) await enterFound()
  }
  await enterFound()
  for await (const { receipt, bytes } of store.list('collected', knownTo(ledger))) {
    if (isStopping?.()) return await lines.flush()
    const last = ledger.lastOf(receipt)
    // A blob whose deletion is already in the ledger has yet to be removed, because deleting writes
    // the line first.
    if (last?.event === 'collected' || last?.event === 'deleted') continue
    await lines.add('stored', receipt, bytes)
    await lines.add('collected', receipt, bytes)
  }
  const missing = await lines.flush()
  endComparing()
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
    if (this.#waiting.length >= batchSize) await this.flush()
  }

  /** @returns how many lines were written so far. @throws LedgerError `IO_FAILED`. */
  async flush(): Promise<number> {
    const waiting = this.#waiting
    this.#waiting = []
    for (const isNew of await Promise.all(waiting)) if (isNew) this.#written += 1
    return this.#written
  }
}
