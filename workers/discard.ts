import type { BlobStore } from '../src/store/blob-store.ts'
import type { DiscardRequests } from '../src/store/discard-requests.ts'
import type { Reasons } from '../src/store/reasons.ts'
import type { Ledger } from '../src/ledger/writer.ts'

export interface DiscardOptions {
  store: BlobStore
  ledger: Ledger
  reasons: Reasons
  requests: DiscardRequests
  isStopping?: () => boolean
}

/**
 * Removes the dead letters that ops asked to remove. Only quarantine is touched: a good copy with
 * the same receipt stays. As with retention, the ledger line is written first and the request is
 * removed last, so that a crash in between leaves no removal unrecorded and none unfinished.
 *
 * @returns how many were removed.
 */
export async function discardRequested(options: DiscardOptions): Promise<number> {
  const receipts = await options.requests.list()
  if (receipts.length === 0) return 0
  const bytes = await bytesInQuarantine(options.store)
  let removed = 0
  for (const receipt of receipts) {
    if (options.isStopping?.()) break
    const size = bytes.get(receipt)
    if (size !== undefined) await discard(options, receipt, size)
    await options.reasons.forget(receipt)
    await options.requests.remove(receipt)
    if (size !== undefined) removed += 1
  }
  return removed
}

async function discard(
  { store, ledger }: DiscardOptions,
  receipt: string,
  bytes: number,
): Promise<void> {
  // If the lines were already written before a crash, only the file has yet to be removed.
  if (!ledger.isDiscarded(receipt)) {
    await ledger.append('quarantined', receipt, bytes)
    await ledger.append('discarded', receipt, bytes)
  }
  await store.remove('quarantine', receipt)
}

async function bytesInQuarantine(store: BlobStore): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for await (const { receipt, bytes } of store.list('quarantine')) found.set(receipt, bytes)
  return found
}
