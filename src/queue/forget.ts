import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { holderOf } from './redis.ts'
import { parseRedisInfo } from './redis-info.ts'

// `{tumen}` is QUEUE_PREFIX and `store` is STORE_QUEUE: BullMQ's own key names.
const metaKey = '{tumen}:store:meta'
const eventsKey = '{tumen}:store:events'

/**
 * BullMQ writes each step of each job, with its millisecond and the job's id, into an event stream
 * that nobody here reads. With a length of 0 each step trims the stream. The setting is stored in
 * Redis, so it must be repeated when Redis comes back empty.
 */
export async function silenceEvents(redis: Redis): Promise<void> {
  await redis.hset(metaKey, 'opts.maxLenEvents', '0')
}

/**
 * Minimum interval between two rewrites of the append-only file, because each costs a fork of
 * Redis.
 */
const rewriteMs = 60_000

/**
 * Maximum wait for a rewrite when the process stops. A log of finished jobs is rewritten in
 * milliseconds; a log of many waiting jobs is not worth delaying the stop.
 */
const endMs = 1500
const pollMs = 20

/**
 * Removes from Redis what still shows when envelopes came: the events since the last trim and the
 * id of the newest. With `rewriteLog` it is also removed from the append-only file, which otherwise
 * keeps every command with its time until the file has doubled.
 */
export async function forgetTimes(redis: Redis, options: { rewriteLog: boolean }): Promise<void> {
  await silenceEvents(redis)
  await redis.del(eventsKey)
  if (options.rewriteLog && (await hasAppendLog(redis)))
    await (await holderOf(redis)).bgrewriteaof()
}

export interface Forgetter {
  forget(): Promise<void>
  /**
   * Resolves when the log on the disk contains nothing older, or after a short time limit. If Redis
   * stops before that, the old log remains.
   */
  forgetAtEnd(): Promise<void>
}

/**
 * Calls `forgetTimes` on each call of `forget`, and rewrites the log once a minute even if nothing
 * happened: the new file contains the time of the rewrite, which must not be the time of a tip.
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
  return (
    parseRedisInfo(await (await holderOf(redis)).info('persistence')).get('aof_enabled') === '1'
  )
}

async function isRewriting(redis: Redis): Promise<boolean> {
  const state = parseRedisInfo(await (await holderOf(redis)).info('persistence'))
  return ['aof_rewrite_in_progress', 'aof_rewrite_scheduled'].some(
    (name) => state.get(name) === '1',
  )
}
