import type { BlobEntry, BlobStore } from '../src/store/blob-store.ts'
import type { DeletionRequest } from '../src/store/deletion-request.ts'
import { type Clock } from '../src/time/clock.ts'
import { dayOfInstant, midnightOf } from '../src/time/day.ts'
import type { Ledger } from '../src/ledger/writer.ts'

const dayMs = 86_400_000

/** Number of lines and removals that share their fsyncs. */
const batchSize = 256

export interface ExpiryOptions {
  store: BlobStore
  ledger: Ledger
  clock: Clock
  retentionDays: number
  deletionRequest: DeletionRequest
  isStopping?: () => boolean
}

export interface RetentionOptions extends ExpiryOptions {
  /** Whether the clock is reliable enough for irreversible actions. */
  isClockSettled: () => boolean
}

/**
 * Creates the daily deletion of what was collected more than `retentionDays` whole days ago.
 * Envelopes expire at midnight only, so the folder is listed once a day, and again after a failure.
 *
 * Deleting cannot be undone. It waits until the clock is settled, and as long as the clock shows an
 * earlier day than the ledger, because one of the two must then be wrong. A request by `tumen
 * free-space` depends on no clock and is carried out immediately.
 *
 * @returns a function that deletes, and resolves to how many envelopes it deleted.
 */
export function createRetention(options: RetentionOptions): () => Promise<number> {
  let doneOn: string | null = null
  return async () => {
    const { clock, ledger, isClockSettled, deletionRequest } = options
    const today = dayOfInstant(clock.now())
    const isDue = doneOn !== today && isClockSettled() && today >= (ledger.lastDay() ?? today)
    if (!isDue && !deletionRequest.isPending()) return 0
    const deleted = await deleteExpired(options)
    if (isDue && options.isStopping?.() !== true) doneOn = today
    return deleted
  }
}

/**
 * Deletes what was collected more than `retentionDays` whole days ago, or everything collected if
 * `tumen free-space` asked for it.
 *
 * The ledger line is written first. After a crash in between, the blob still exists, and the next
 * run deletes it without a second line. In the other order the blob would be gone without a record
 * that we deleted it.
 */
export async function deleteExpired(options: ExpiryOptions): Promise<number> {
  const { store, clock, retentionDays, deletionRequest, isStopping } = options
  const today = midnightOf(clock.now()).getTime()
  const isRequested = deletionRequest.isPending()
  const batch: BlobEntry[] = []
  let deleted = 0
  let kept = 0
  const finishBatch = async (): Promise<void> => {
    const entries = batch.splice(0)
    const gone = await deleteAll(options, entries)
    deleted += gone
    kept += entries.length - gone
  }
  for await (const entry of store.list('collected')) {
    if (isStopping?.()) return deleted
    if (!isRequested && entry.day.getTime() + retentionDays * dayMs >= today) continue
    if (batch.push(entry) === batchSize) await finishBatch()
  }
  await finishBatch()
  if (isRequested && kept === 0) await deletionRequest.remove()
  return deleted
}

/**
 * @returns how many were deleted. For the others, `reconcile` must first write their missing
 *   earlier lines.
 */
async function deleteAll(
  { store, ledger }: ExpiryOptions,
  entries: readonly BlobEntry[],
): Promise<number> {
  await Promise.all(entries.map(({ receipt, bytes }) => ledger.append('deleted', receipt, bytes)))
  const gone = entries.filter(({ receipt }) => ledger.lastOf(receipt)?.event === 'deleted')
  await Promise.all(gone.map(({ receipt }) => store.remove('collected', receipt)))
  return gone.length
}
