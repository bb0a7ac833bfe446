import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Clock, systemClock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { QueueError } from './errors.ts'
import { silenceEvents } from './forget.ts'
import { type FailedJob, findFailedJobs } from './failed-jobs.ts'

export const STORE_QUEUE = 'store'

/** The braces make all keys of a queue share one slot of a Redis Cluster. */
export const QUEUE_PREFIX = '{tumen}'

/**
 * Maximum of announcements without an answer. Further ones are dropped; the sweep finds their
 * envelopes.
 */
const maxAnnounced = 1024

/**
 * A failing job is retried for as long as the disk fails: an envelope with a receipt is never given
 * up.
 */
const attempts = 1_000_000

/**
 * Maximum read from a list that an attacker may have written; the sweep queues no more than this at
 * once.
 */
const maxListed = 10_000

/** A name that BullMQ does not know, so that the worker asks `backoffMs`. */
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
  /**
   * Announces an envelope to the worker if Redis accepts it immediately. Never throws and never
   * waits.
   */
  announce(receipt: string): void
  /** Adding a receipt that is already queued changes nothing. @throws QueueError `UNREACHABLE`. */
  enqueue(receipt: string): Promise<void>
  enqueueAll(receipts: readonly string[]): Promise<void>
  /** The receipts that have no job. @throws QueueError `UNREACHABLE`. */
  withoutJob(receipts: readonly string[]): Promise<string[]>
  /** @throws QueueError `UNREACHABLE`. */
  counts(): Promise<QueueCounts>
  /** Jobs that no worker has started, at most `maxListed`. @throws QueueError `UNREACHABLE`. */
  waiting(): Promise<string[]>
  /**
   * For each state, one job that has failed before, as an example. @throws QueueError
   * `UNREACHABLE`.
   */
  failedJobs(): Promise<FailedJob[]>
  /**
   * Lets jobs be taken again if somebody has paused the queue in Redis; nothing of ours does.
   * @throws QueueError `UNREACHABLE`.
   */
  resume(): Promise<void>
  /** Does not close the connection, which belongs to the caller. */
  close: () => Promise<void>
}

/** Delay before the next attempt: 1 s, 2 s, 4 s … up to one minute. */
export function backoffMs(attemptsMade: number): number {
  return Math.min(1000 * 2 ** Math.min(attemptsMade - 1, 16), 60_000)
}

/**
 * Opens the queue. The job id is the receipt itself. BullMQ refuses ids that contain `:` or look
 * like an integer; a receipt is accepted even when all of its 64 hex digits are decimal.
 */
export function openStoreQueue(connection: Redis, options: { clock?: Clock } = {}): StoreQueue {
  const clock = options.clock ?? systemClock
  const queue = createQueue(connection)
  let announced = 0

  const jobOf = (receipt: string) => ({
    name: STORE_QUEUE,
    data: { receipt },
    // Without this timestamp, Redis would store the millisecond in which a tip came.
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
    failedJobs: () => reaching(() => findFailedJobs(queue)),
    // Without the question, each start would leave an event with its time in Redis.
    resume: () => reaching(async () => void ((await queue.isPaused()) && (await queue.resume()))),
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
    // Both options are needed: with the first one alone, every add would fail for ever if Redis was
    // once not ready.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 0 } },
    defaultJobOptions: {
      attempts: attempts,
      backoff: { type: backoffName },
      // A finished job that stayed in Redis would reveal when it ran, and would block its id.
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
