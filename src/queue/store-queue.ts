import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Clock, systemClock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { QueueError } from './errors.ts'
import { silenceEvents } from './forget.ts'
import { type TroubledJob, findTroubled } from './troubled.ts'

export const STORE_QUEUE = 'store'

/** In braces, so that all keys of a queue share one slot of a Redis Cluster. */
export const QUEUE_PREFIX = '{tumen}'

/** More unanswered announcements than this are dropped; the sweep finds their envelopes. */
const maxAnnounced = 1024

/**
 * Failing jobs are tried for as long as the disk is sick; nothing that was acknowledged is given
 * up.
 */
const attempts = 1_000_000

/** Of a list that somebody else may have written; the sweep queues no more at once. */
const maxListed = 10_000

/** Any name that BullMQ doesn't know: the worker then asks `backoffMs`. */
const backoffName = 'capped'

export interface StoreJob {
  receipt: string
}

export interface QueueCounts {
  waiting: number
  active: number
  delayed: number
  failed: number
}

export interface StoreQueue {
  /** Tells the worker about an envelope if Redis can be told at once. Never throws, never waits. */
  announce(receipt: string): void
  /** @throws QueueError `UNREACHABLE`. Adding a receipt that is queued already changes nothing. */
  enqueue(receipt: string): Promise<void>
  enqueueAll(receipts: readonly string[]): Promise<void>
  /** Which of these have no job. @throws QueueError `UNREACHABLE`. */
  withoutJob(receipts: readonly string[]): Promise<string[]>
  /** @throws QueueError `UNREACHABLE`. */
  counts(): Promise<QueueCounts>
  /**
   * Jobs that no worker has taken up yet, at most `maxListed`. @throws QueueError `UNREACHABLE`.
   */
  waiting(): Promise<string[]>
  /** One job of each state that failed before, as an example. @throws QueueError `UNREACHABLE`. */
  troubled(): Promise<TroubledJob[]>
  /** Leaves the connection, which the caller opened, open. */
  close: () => Promise<void>
}

/** 1 s, 2 s, 4 s … and then once a minute. */
export function backoffMs(attemptsMade: number): number {
  return Math.min(1000 * 2 ** Math.min(attemptsMade - 1, 16), 60_000)
}

/**
 * The job id is the receipt itself. BullMQ refuses ids that contain `:` or read
 * as an integer; 64 hex digits do neither, even when all of them are decimal.
 */
export function openStoreQueue(connection: Redis, options: { clock?: Clock } = {}): StoreQueue {
  const clock = options.clock ?? systemClock
  const queue = createQueue(connection)
  let announced = 0

  const jobOf = (receipt: string) => ({
    name: STORE_QUEUE,
    data: { receipt },
    // Otherwise Redis would hold the millisecond in which a tip came.
    opts: { jobId: receipt, timestamp: midnightOf(clock.now()).getTime() },
  })

  const add = async (receipt: string): Promise<void> => {
    const { name, data, opts } = jobOf(receipt)
    await queue.add(name, data, opts)
  }

  const onReady = (): void => void silenceEvents(connection).catch(() => {})
  connection.on('ready', onReady)

  return {
    announce(receipt) {
      if (connection.status !== 'ready' || announced >= maxAnnounced) return
      announced += 1
      add(receipt)
        .catch(() => {})
        .finally(() => {
          announced -= 1
        })
    },
    enqueue: (receipt) => reaching(() => add(receipt)),
    enqueueAll: (receipts) => reaching(async () => void (await queue.addBulk(receipts.map(jobOf)))),
    withoutJob: (receipts) => reaching(() => findWithoutJob(connection, queue, receipts)),
    counts: () => reaching(() => readCounts(queue)),
    waiting: () => reaching(() => connection.lrange(queue.toKey('wait'), -maxListed, -1)),
    troubled: () => reaching(() => findTroubled(queue)),
    async close() {
      connection.off('ready', onReady)
      await queue.close()
    },
  }
}

function createQueue(connection: Redis): Queue<StoreJob> {
  const queue = new Queue<StoreJob>(STORE_QUEUE, {
    connection,
    prefix: QUEUE_PREFIX,
    // Both: with the first alone every add fails for ever if Redis was not ready once.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 0 } },
    defaultJobOptions: {
      attempts: attempts,
      backoff: { type: backoffName },
      // A finished job that stayed would tell when, and would block its id.
      removeOnComplete: true,
      removeOnFail: true,
      stackTraceLimit: 0,
    },
  })
  queue.on('error', () => {})
  return queue
}

async function findWithoutJob(
  connection: Redis,
  queue: Queue<StoreJob>,
  receipts: readonly string[],
): Promise<string[]> {
  const pipeline = connection.pipeline()
  for (const receipt of receipts) pipeline.exists(queue.toKey(receipt))
  const replies = (await pipeline.exec()) ?? []
  return receipts.filter((_, index) => {
    const [error, exists] = replies[index] ?? [new Error('no reply')]
    if (error !== null) throw error
    return exists === 0
  })
}

async function readCounts(queue: Queue<StoreJob>): Promise<QueueCounts> {
  const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'failed')
  return {
    waiting: counts.wait ?? 0,
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    failed: counts.failed ?? 0,
  }
}

async function reaching<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command()
  } catch (cause) {
    throw new QueueError('UNREACHABLE', 'redis does not answer; the sweep tries again', cause)
  }
}
