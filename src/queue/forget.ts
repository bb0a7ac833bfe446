import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { parseRedisInfo } from './redis-info.ts'

// `{tumen}` is QUEUE_PREFIX and `store` is STORE_QUEUE: BullMQ's own key names.
const metaKey = '{tumen}:store:meta'
const eventsKey = '{tumen}:store:events'

/**
 * BullMQ writes each step of each job, with its millisecond and the job's id,
 * into an event stream that nobody here reads. A length of 0 trims it with every
 * step; the setting lies in Redis, so it must be repeated when Redis comes back empty.
 */
export async function silenceEvents(redis: Redis): Promise<void> {
  await redis.hset(metaKey, 'opts.maxLenEvents', '0')
}

/** The append-only file is rewritten at most this often: it costs a fork of Redis. */
const rewriteMs = 60_000

/**
 * A log of finished jobs is rewritten in milliseconds; one of many waiting jobs is not worth a late
 * stop.
 */
const endMs = 1500
const pollMs = 20

/**
 * Takes out of Redis what still tells when envelopes came: the events since the
 * last trim and the id of the newest. With `rewriteLog` also out of the append-only
 * file, which otherwise keeps every command with its time until it has doubled.
 */
export async function forgetTimes(redis: Redis, options: { rewriteLog: boolean }): Promise<void> {
  await silenceEvents(redis)
  await redis.del(eventsKey)
  if (options.rewriteLog && (await hasAppendLog(redis))) await redis.bgrewriteaof()
}

export interface Forgetter {
  forget(): Promise<void>
  /**
   * Resolves when the log on the disk holds nothing of before, or soon; a Redis that goes down
   * earlier leaves the old one.
   */
  forgetAtEnd(): Promise<void>
}

/**
 * Calls `forgetTimes` as often as `forget` is called, and rewrites the log once a minute whether
 * something happened or not: the new file holds the time at which it was made, which must not be
 * that of a tip.
 */
export function createForgetter(redis: Redis): Forgetter {
  let rewrittenAt = -Infinity
  return {
    async forget() {
      const rewriteLog = performance.now() - rewrittenAt >= rewriteMs
      await forgetTimes(redis, { rewriteLog })
      if (rewriteLog) rewrittenAt = performance.now()
    },
    async forgetAtEnd() {
      await untilRewritten(redis)
      await forgetTimes(redis, { rewriteLog: true })
      await untilRewritten(redis)
    },
  }
}

async function untilRewritten(redis: Redis): Promise<void> {
  const deadline = performance.now() + endMs
  while ((await isRewriting(redis)) && performance.now() < deadline) await sleep(pollMs)
}

async function hasAppendLog(redis: Redis): Promise<boolean> {
  return parseRedisInfo(await redis.info('persistence')).get('aof_enabled') === '1'
}

async function isRewriting(redis: Redis): Promise<boolean> {
  const state = parseRedisInfo(await redis.info('persistence'))
  return ['aof_rewrite_in_progress', 'aof_rewrite_scheduled'].some(
    (name) => state.get(name) === '1',
  )
}
