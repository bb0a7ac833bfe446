import type { CanaryNotes } from '../src/canary/notes.ts'
import type { CanaryProof } from '../src/canary/proof.ts'
import { addDays, dayOfInstant } from '../src/time/day.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import { type Clock } from '../src/time/clock.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/**
 * How many days after its last byte an unfinished resumable upload may still exist at the latest,
 * plus one.
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
 * Removes from the vault the canaries that ops no longer needs. An envelope in the ledger is a tip
 * and stays, and so does any envelope that is not proved to be a canary, whoever wrote a note about
 * it.
 *
 * The note is removed one round after its canary: until then another name of the same file may
 * still be on its way through the folders.
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
 * Whether a canary that was not found can no longer arrive, because an interrupted upload of it
 * would have expired.
 */
async function isExpired(
  { notes, clock, silentDays }: CanaryRemovalOptions,
  receipt: Receipt,
): Promise<boolean> {
  const note = await notes.read(receipt)
  return note === null || addDays(note.day, silentDays + graceDays) < dayOfInstant(clock.now())
}
