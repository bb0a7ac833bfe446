import type { BlobEntry, BlobStore, KnownBlob, Prefix, Receipt } from './blob-store.ts'
import { StoreError } from './errors.ts'
import type { S3Store } from './s3-store.ts'
import type { StoredToday } from './stored-today.ts'

/** How many names are compared with the stored ones at once. */
const batchSize = 1000

export type SharedStore = BlobStore & Pick<S3Store, 'has'>

/**
 * A shared store as its readers see it. What a worker has stored stays under `incoming` until the
 * nightly round, so that no second time of its arrival is written, and is shown under `sealed`
 * meanwhile: storing is a line in the ledger and an entry in `stored`, and moves nothing.
 */
export function createDayView(store: SharedStore, stored: StoredToday): BlobStore {
  const isStored = async (receipt: Receipt): Promise<boolean> =>
    (await stored.among([receipt])).has(receipt)

  async function* incoming(known?: KnownBlob): AsyncGenerator<[BlobEntry, boolean]> {
    for await (const batch of batchesOf(store.list('incoming', known))) {
      const found = await stored.among(batch.map(({ receipt }) => receipt))
      for (const entry of batch) yield [entry, found.has(entry.receipt)]
    }
  }

  /**
   * Lists `incoming` first: a blob that is moved meanwhile is then found under at least one prefix.
   */
  async function* sealed(known?: KnownBlob): AsyncGenerator<BlobEntry> {
    const shown = new Set<Receipt>()
    for await (const [entry, isSealed] of incoming(known)) {
      if (!isSealed) continue
      shown.add(entry.receipt)
      yield entry
    }
    for await (const entry of store.list('sealed', known))
      if (!shown.has(entry.receipt)) yield entry
  }

  async function* unsealed(known?: KnownBlob): AsyncGenerator<BlobEntry> {
    for await (const [entry, isSealed] of incoming(known)) if (!isSealed) yield entry
  }

  return {
    stage: (bytes) => store.stage(bytes),
    freeBytes: () => store.freeBytes(),
    async locate(receipt) {
      const place = await store.locate(receipt)
      return place === 'incoming' && (await isStored(receipt)) ? 'sealed' : place
    },
    read: (prefix, receipt) =>
      prefix === 'sealed' ? readSealed(store, receipt) : store.read(prefix, receipt),
    list(prefix, known) {
      if (prefix === 'incoming') return unsealed(known)
      return prefix === 'sealed' ? sealed(known) : store.list(prefix, known)
    },
    async move(receipt, from, to) {
      if (from === 'incoming' && to === 'sealed') {
        if (await store.has('incoming', receipt)) {
          await stored.add([receipt])
          return 'moved'
        }
        return (await store.locate(receipt)) === null ? 'missing' : 'moved'
      }
      if (from === 'sealed' && (await store.locate(receipt)) === 'incoming') {
        const outcome = await store.move(receipt, 'incoming', to)
        await stored.forget([receipt])
        return outcome
      }
      return await store.move(receipt, from, to)
    },
    async remove(prefix, receipt) {
      await store.remove(prefix, receipt)
      if (prefix !== 'sealed' || !(await isStored(receipt))) return
      await store.remove('incoming', receipt)
      await stored.forget([receipt])
    },
  }
}

/** Reads from `incoming`, or else from `sealed`, because the blob may be moved in between. */
async function* readSealed(store: BlobStore, receipt: Receipt): AsyncGenerator<Uint8Array> {
  const places: Prefix[] = ['incoming', 'sealed']
  for (const [index, prefix] of places.entries()) {
    try {
      yield* store.read(prefix, receipt)
      return
    } catch (cause) {
      const isMissing = cause instanceof StoreError && cause.code === 'NOT_FOUND'
      if (!isMissing || index === places.length - 1) throw cause
    }
  }
}

async function* batchesOf(entries: AsyncIterable<BlobEntry>): AsyncGenerator<BlobEntry[]> {
  let batch: BlobEntry[] = []
  for await (const entry of entries) {
    batch.push(entry)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
