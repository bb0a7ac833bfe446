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
 * Takes out of Redis what still tells when envelopes came: the events since the
 * last trim and the id of the newest. With `rewriteLog` also out of the append-only
 * file, which otherwise keeps every command with its time until it has doubled.
 */
export async function forgetTimes(redis: Redis, options: { rewriteLog: boolean }): Promise<void> {
  await silenceEvents(redis)
  await redis.del(eventsKey)
  if (options.rewriteLog && (await hasAppendLog(redis))) await redis.bgrewriteaof()
}

/** Calls `forgetTimes` as often as `forget` is called, rewriting the log only after something happened. */
export function createForgetter(redis: Redis): { forget(done: number): Promise<void> } {
  let rewrittenAt = -Infinity
  let rewrittenFor: number | null = null
  return {
    /** `done`: anything that grows with what has been done. */
    async forget(done) {
      const rewriteLog = done !== rewrittenFor && performance.now() - rewrittenAt >= rewriteMs
      await forgetTimes(redis, { rewriteLog })
      if (!rewriteLog) return
      rewrittenAt = performance.now()
      rewrittenFor = done
    },
  }
}

async function hasAppendLog(redis: Redis): Promise<boolean> {
  return parseRedisInfo(await redis.info('persistence')).get('aof_enabled') === '1'
}
