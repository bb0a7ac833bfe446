import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { backoffMs, QUEUE_PREFIX, STORE_QUEUE, type StoreJob } from '../src/queue/store-queue.ts'
import { isReceipt } from '../src/store/layout.ts'
import { codeOf } from './log.ts'
import { type StoreHandler, suspectAfterStalls } from './store.ts'

/** Enough to share the directory fsyncs; hashing and the disk are the limit, not waiting. */
const concurrency = 8

// A killed worker's jobs are taken up again after 10 to 15 s; the defaults take a minute.
const lockDurationMs = 10_000
const stalledIntervalMs = 5000

/**
 * Above this BullMQ gives a job up; the sweep brings it back. 1 would give up on the second crash.
 */
const maxStalledCount = 20

/** Takes jobs from the queue; waits for Redis as long as it takes. */
export function startConsumer(options: {
  connection: Redis
  handler: StoreHandler
  /** Told the code of what went wrong. */
  onFailed: (reason: string) => void
  onStalled: () => void
}): Worker<StoreJob> {
  const worker = new Worker<StoreJob>(STORE_QUEUE, (job) => storeJob(options.handler, job), {
    connection: options.connection,
    prefix: QUEUE_PREFIX,
    concurrency,
    lockDuration: lockDurationMs,
    stalledInterval: stalledIntervalMs,
    maxStalledCount,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    settings: { backoffStrategy: backoffMs },
  })
  // A Redis that is away: the sweep tells it, and everybody connects again by themselves.
  worker.on('error', () => {})
  worker.on('failed', (_job, error) => options.onFailed(error.message))
  worker.on('stalled', options.onStalled)
  return worker
}

/** What lies in Redis may have been written by anybody who can reach it. */
async function storeJob(
  handler: StoreHandler,
  job: { data: unknown; stalledCounter: number },
): Promise<void> {
  const receipt = receiptIn(job.data)
  if (receipt === null) return
  try {
    await handler.store(receipt, { isSuspect: job.stalledCounter >= suspectAfterStalls })
  } catch (error) {
    // BullMQ keeps the message in Redis until the next attempt: a code tells nobody anything.
    throw new Error(codeOf(error), { cause: error })
  }
}

function receiptIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('receipt' in data)) return null
  return typeof data.receipt === 'string' && isReceipt(data.receipt) ? data.receipt : null
}
