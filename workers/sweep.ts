import { QueueError } from '../src/queue/errors.ts'
import type { StoreQueue } from '../src/queue/store-queue.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import type { StoreHandler } from './store.ts'

/** About 9 MB in Redis. Further envelopes wait in the spool for the next sweep. */
const defaultMaxQueued = 10_000

/**
 * Number of sweeps for which an envelope may wait for its job before it is stored directly: five
 * minutes by default.
 */
const defaultPatience = 30

const batchSize = 256

export interface SweepResult {
  /** Number of envelopes found in the spool. */
  seen: number
  queued: number
  /** Number of envelopes stored directly, without a job. */
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
 * Queues every envelope in the spool that Redis does not know: those whose announcement was lost,
 * and all of them after Redis came back empty. While Redis is unreachable, it stores the envelopes
 * itself, one at a time: slower, but tips are not held up. It does the same with an envelope whose
 * job exists but never ends, whatever the cause in Redis.
 *
 * The returned sweep throws a StoreError or LedgerError if storing failed, after it has tried all
 * the others; the next sweep tries again.
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
      // The rest waits until the queue has space: listing a spool of a million envelopes on each
      // sweep would not help.
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
        // Stored as a suspect: without a job, nothing else would count the crashes if the envelope
        // kills this process.
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
  // Sizes and days are not needed, so the file system is not asked for them.
  for await (const { receipt } of store.list('incoming', () => ({ bytes: 0, day: new Date(0) }))) {
    batch.push(receipt)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
