import { QueueError } from '../src/queue/errors.ts'
import type { StoreQueue } from '../src/queue/store-queue.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import type { StoreHandler } from './store.ts'

/** About 9 MB of Redis. Whatever more the spool holds waits there for the next sweep. */
const defaultMaxQueued = 10_000

/**
 * Sweeps that an envelope may wait for its job before it is stored without one: five minutes as
 * shipped.
 */
const defaultPatience = 30

const batchSize = 256

export interface SweepResult {
  /** What was looked at in the spool. */
  seen: number
  queued: number
  /** Stored here and now, without a job. */
  stored: number
  isRedisAway: boolean
}

export interface SweepOptions {
  store: BlobStore
  queue: Pick<StoreQueue, 'counts' | 'withoutJob' | 'enqueueAll'>
  handler: StoreHandler
  maxQueued?: number
  patience?: number
  isStopping?: () => boolean
}

/**
 * Queues whatever the spool holds and Redis does not know: announcements that
 * were lost, and everything after Redis came back empty. While Redis cannot be
 * reached it stores the envelopes itself, one at a time: slower, but tips flow.
 * So it does with one whose job is there and never comes to an end, whatever
 * became of it in Redis.
 *
 * The sweep it returns throws a StoreError or LedgerError if storing failed, after
 * it has tried everything else; the next sweep tries again.
 */
export function createSweep(options: SweepOptions): () => Promise<SweepResult> {
  let waits = new Map<Receipt, number>()
  return async () => {
    const sweep = new Sweep(options, waits)
    const result = await sweep.run()
    waits = sweep.waits
    return result
  }
}

class Sweep {
  readonly #options: SweepOptions
  readonly #before: ReadonlyMap<Receipt, number>
  readonly #result: SweepResult = { seen: 0, queued: 0, stored: 0, isRedisAway: false }
  readonly #failures: unknown[] = []
  #isQueueFull = false
  /** For how many sweeps each envelope has been in the spool. */
  readonly waits = new Map<Receipt, number>()

  constructor(options: SweepOptions, before: ReadonlyMap<Receipt, number>) {
    this.#options = options
    this.#before = before
  }

  async run(): Promise<SweepResult> {
    for await (const batch of batchesOf(this.#options.store)) {
      if (this.#options.isStopping?.()) break
      this.#result.seen += batch.length
      await this.#sweepBatch(batch)
      // The rest waits for room: to list a spool of a million again and again would help nobody.
      if (this.#isQueueFull) break
    }
    if (this.#failures.length > 0) throw this.#failures[0]
    return this.#result
  }

  async #sweepBatch(batch: readonly Receipt[]): Promise<void> {
    for (const receipt of batch) this.waits.set(receipt, (this.#before.get(receipt) ?? 0) + 1)
    const patience = this.#options.patience ?? defaultPatience
    await this.#storeNow(batch.filter((receipt) => (this.waits.get(receipt) ?? 0) > patience))
    try {
      this.#result.queued += await this.#queueBatch(batch)
    } catch (error) {
      if (!(error instanceof QueueError)) throw error
      this.#result.isRedisAway = true
      await this.#storeNow(batch)
    }
  }

  async #queueBatch(batch: readonly Receipt[]): Promise<number> {
    const { queue, maxQueued = defaultMaxQueued } = this.#options
    const { waiting, active, delayed } = await queue.counts()
    const room = maxQueued - waiting - active - delayed
    this.#isQueueFull = room <= 0
    if (room <= 0) return 0
    const unknown = (await queue.withoutJob(batch)).slice(0, room)
    if (unknown.length > 0) await queue.enqueueAll(unknown)
    return unknown.length
  }

  async #storeNow(receipts: readonly Receipt[]): Promise<void> {
    for (const receipt of receipts) {
      if (this.#options.isStopping?.()) return
      try {
        // As a suspect: there is no job whose stalls would be counted if it kills us.
        const outcome = await this.#options.handler.store(receipt, { isSuspect: true })
        if (outcome === 'stored') this.#result.stored += 1
      } catch (error) {
        this.#failures.push(error)
      }
    }
  }
}

async function* batchesOf(store: BlobStore): AsyncGenerator<Receipt[]> {
  let batch: Receipt[] = []
  // Only the names are needed.
  for await (const { receipt } of store.list('incoming', () => ({ bytes: 0, day: new Date(0) }))) {
    batch.push(receipt)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
