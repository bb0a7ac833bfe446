import type { CanaryNotes } from '../../canary/notes.ts'
import type { QueueCounts, StoreQueue } from '../../queue/store-queue.ts'
import type { BlobStore, Receipt } from '../../store/blob-store.ts'

/** The store without canaries: published figures count tips only. */
export function hideFromStore(store: BlobStore, notes: CanaryNotes): BlobStore {
  return {
    stage: (bytes) => store.stage(bytes),
    locate: async (receipt) =>
      (await receiptsOf(notes)).has(receipt) ? null : await store.locate(receipt),
    read: (prefix, receipt) => store.read(prefix, receipt),
    move: (receipt, from, to) => store.move(receipt, from, to),
    remove: (prefix, receipt) => store.remove(prefix, receipt),
    freeBytes: () => store.freeBytes(),
    async *list(prefix, known) {
      const noted = await receiptsOf(notes)
      for await (const entry of store.list(prefix, known))
        if (!noted.has(entry.receipt)) yield entry
    },
  }
}

type ReadQueue = Pick<StoreQueue, 'counts' | 'waiting' | 'withoutJob'>

/** The queue's counts without the jobs of canaries. */
export function hideFromQueue(queue: ReadQueue, notes: CanaryNotes): ReadQueue {
  return {
    withoutJob: (receipts) => queue.withoutJob(receipts),
    async waiting() {
      const noted = await receiptsOf(notes)
      return (await queue.waiting()).filter((receipt) => !noted.has(receipt))
    },
    async counts() {
      const [counts, noted] = [await queue.counts(), [...(await receiptsOf(notes))]]
      const jobs = noted.length === 0 ? 0 : noted.length - (await queue.withoutJob(noted)).length
      return subtract(counts, jobs)
    },
  }
}

/**
 * The job of a canary is in one of three states; one query for each job would be needed to find out
 * which.
 */
function subtract({ waiting, delayed, active, failed }: QueueCounts, jobs: number): QueueCounts {
  const fromWaiting = Math.min(waiting, jobs)
  const fromDelayed = Math.min(delayed, jobs - fromWaiting)
  const fromActive = Math.min(active, jobs - fromWaiting - fromDelayed)
  return {
    waiting: waiting - fromWaiting,
    delayed: delayed - fromDelayed,
    active: active - fromActive,
    failed,
  }
}

async function receiptsOf(notes: CanaryNotes): Promise<Set<Receipt>> {
  return new Set((await notes.list()).map(({ receipt }) => receipt))
}
