import type { BlobStore } from '../src/store/blob-store.ts'
import type { DeletionRequest } from '../src/store/deletion-request.ts'
import { type Clock } from '../src/time/clock.ts'
import { midnightOf } from '../src/time/day.ts'
import type { Ledger } from '../src/ledger/writer.ts'

const dayMs = 86_400_000

export interface RetentionOptions {
  store: BlobStore
  ledger: Ledger
  clock: Clock
  retentionDays: number
  deletionRequest: DeletionRequest
  isStopping?: () => boolean
}

/**
 * Deletes what was collected more than `retentionDays` whole days ago, or everything that was
 * collected when `tumen free-space` asked for it.
 *
 * The ledger line comes first. After a crash in between, the blob is still there,
 * the next run deletes it and writes no second line. The other way round the blob
 * would be gone and nothing would say that we deleted it.
 */
export async function deleteExpired({
  store,
  ledger,
  clock,
  retentionDays,
  deletionRequest,
  isStopping,
}: RetentionOptions): Promise<number> {
  const today = midnightOf(clock.now()).getTime()
  const isRequested = deletionRequest.isPending()
  let deleted = 0
  let kept = 0
  for await (const { receipt, bytes, day } of store.list('collected')) {
    if (isStopping?.()) return deleted
    if (!isRequested && day.getTime() + retentionDays * dayMs >= today) continue
    await ledger.append('deleted', receipt, bytes)
    // Its earlier lines are still missing: `reconcile` must write them first.
    if (ledger.lastOf(receipt)?.event !== 'deleted') {
      kept += 1
      continue
    }
    await store.remove('collected', receipt)
    deleted += 1
  }
  if (isRequested && kept === 0) await deletionRequest.remove()
  return deleted
}
