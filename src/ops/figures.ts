import type { Redis } from 'ioredis'
import { readCounters } from '../queue/counters.ts'
import { wasCrowded } from '../queue/pressure.ts'
import type { QueueCounts } from '../queue/store-queue.ts'
import type { BlobStore, Prefix } from '../store/blob-store.ts'
import { roundDown, roundUp } from './coarsen.ts'
import type { SpoolAge } from './spool-age.ts'

export interface Folder {
  envelopes: number
  bytes: number
}

/** Only rounded numbers; what could not be read is null. */
export interface Figures {
  queue: QueueCounts | null
  spool: Folder | null
  /** At least this old; a band. */
  spoolOldestMinutes: number | null
  vault: Folder | null
  collected: Folder | null
  quarantine: Folder | null
  freeBytes: number | null
  sealedToOldKeyring: number | null
  /** Whether the intake had to share itself out in the last hour. */
  isCrowded: boolean | null
}

export interface FigureSources {
  store: BlobStore
  queue: { counts(): Promise<QueueCounts> }
  redis: Redis
  spoolAge: SpoolAge
  stepMinutes: number
}

/** Never rejects. */
export async function readFigures(sources: FigureSources): Promise<Figures> {
  const [queue, counters, spool, vault, collected, quarantine, freeBytes, isCrowded] = await Promise.all([
    orNull(sources.queue.counts()),
    orNull(readCounters(sources.redis)),
    orNull(readSpool(sources)),
    orNull(readFolder(sources.store, 'sealed')),
    orNull(readFolder(sources.store, 'collected')),
    orNull(readFolder(sources.store, 'quarantine')),
    orNull(sources.store.freeBytes()),
    orNull(wasCrowded(sources.redis)),
  ])
  return {
    queue: queue && roundCounts(queue),
    spool: spool && spool.folder,
    spoolOldestMinutes: spool && spool.oldestMinutes,
    vault, collected, quarantine,
    freeBytes: freeBytes === null ? null : roundDown(freeBytes),
    sealedToOldKeyring: counters && roundUp(counters.oldKeyring),
    isCrowded,
  }
}

async function readSpool({ store, spoolAge, stepMinutes }: FigureSources) {
  const receipts: string[] = []
  const folder = await readFolder(store, 'incoming', (receipt) => receipts.push(receipt))
  return { folder, oldestMinutes: spoolAge.look(receipts) * stepMinutes }
}

async function readFolder(store: BlobStore, prefix: Prefix, visit: (receipt: string) => void = () => {}): Promise<Folder> {
  const folder = { envelopes: 0, bytes: 0 }
  for await (const entry of store.list(prefix)) {
    folder.envelopes += 1
    folder.bytes += entry.bytes
    visit(entry.receipt)
  }
  return { envelopes: roundUp(folder.envelopes), bytes: roundUp(folder.bytes) }
}

function roundCounts({ waiting, active, delayed, failed }: QueueCounts): QueueCounts {
  return { waiting: roundUp(waiting), active: roundUp(active), delayed: roundUp(delayed), failed: roundUp(failed) }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch {
    return null
  }
}
