import type { CanaryNotes } from '../src/canary/notes.ts'
import type { CanaryProof } from '../src/canary/proof.ts'
import { addDays, dayOfInstant } from '../src/time/day.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import { type Clock } from '../src/time/clock.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/**
 * Days by which the longest resumable upload that nobody ends may outlive its last byte, and one
 * more.
 */
const graceDays = 3

export interface CanaryRemovalOptions {
  store: BlobStore
  ledger: Pick<Ledger, 'lastOf'>
  notes: CanaryNotes
  proof: CanaryProof
  clock: Clock
  silentDays: number
  isStopping?: () => boolean
}

/**
 * Removes the canaries that ops is done with from the vault. What the ledger knows is a tip and
 * stays, and so does whatever is not proved to be a canary, whoever wrote a note about it.
 *
 * The note goes one round after its canary: until then another name of the same file may still be
 * on its way.
 */
export function createCanaryRemoval(options: CanaryRemovalOptions): () => Promise<void> {
  const removed = new Set<Receipt>()
  return async () => {
    for (const { receipt, state } of await options.notes.list()) {
      if (options.isStopping?.()) return
      if (state === 'done') await removeOne(options, receipt, removed)
    }
  }
}

async function removeOne(
  options: CanaryRemovalOptions,
  receipt: Receipt,
  removed: Set<Receipt>,
): Promise<void> {
  const { store, notes, ledger, proof } = options
  const place = await store.locate(receipt)
  if (place === null) {
    if (!removed.has(receipt) && !(await isExpired(options, receipt))) return
    await notes.forget(receipt)
    removed.delete(receipt)
  } else if (
    place === 'sealed' &&
    ledger.lastOf(receipt) === null &&
    (await proof.isCanary('sealed', receipt))
  ) {
    await store.remove('sealed', receipt)
    removed.add(receipt)
  }
}

/**
 * One that has not turned up: it may still, for as long as an upload that broke may be finished.
 */
async function isExpired(
  { notes, clock, silentDays }: CanaryRemovalOptions,
  receipt: Receipt,
): Promise<boolean> {
  const note = await notes.read(receipt)
  return note === null || addDays(note.day, silentDays + graceDays) < dayOfInstant(clock.now())
}
