import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { backoffMs, QUEUE_PREFIX, STORE_QUEUE, type StoreJob } from '../src/queue/store-queue.ts'
import { isReceipt } from '../src/store/layout.ts'
import { codeOf } from './log.ts'
import { type StoreHandler, suspectAfterStalls } from './store.ts'

/** Enough to share the directory fsyncs; hashing and the disk set the speed, not the waiting. */
const concurrency = 8

// The jobs of a killed worker are restarted after 10 to 15 s; with the defaults it takes a minute.
const lockDurationMs = 10_000
const stalledIntervalMs = 5000

/**
 * Beyond this BullMQ gives a job up, and the sweep queues it again. With a limit of 1, a job would
 * be given up at the second crash.
 */
const maxStalledCount = 20

/**
 * The pause after an error of Redis, for example when its master was replaced. With the default of
 * 15 s, nothing would be taken from the queue for that long.
 */
const retryAfterErrorMs = 1000

/** Takes jobs from the queue, and waits for Redis as long as necessary. */
export function startConsumer(options: {
  connection: Redis
  handler: StoreHandler
  /** Called with the code of the error. */
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
    runRetryDelay: retryAfterErrorMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    settings: { backoffStrategy: backoffMs },
  })
  // A missing Redis is reported by the sweep, and all connections reconnect by themselves.
  worker.on('error', () => {})
  worker.on('failed', (_job, error) => options.onFailed(error.message))
  worker.on('stalled', options.onStalled)
  return worker
}

/** Validates the job first: anybody who can reach Redis may have written it. */
async function storeJob(
  handler: StoreHandler,
  job: { data: unknown; stalledCounter: number },
): Promise<void> {
  const receipt = receiptIn(job.data)
  if (receipt === null) return
  try {
    await handler.store(receipt, { isSuspect: job.stalledCounter >= suspectAfterStalls })
  } catch (error) {
    // BullMQ stores the message in Redis until the next attempt, so it is only a code, which
    // reveals nothing.
    throw new Error(codeOf(error), { cause: error })
  }
}

function receiptIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('receipt' in data)) return null
  return typeof data.receipt === 'string' && isReceipt(data.receipt) ? data.receipt : null
}
