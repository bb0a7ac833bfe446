import type { Redis } from 'ioredis'
import { holderOf } from '../queue/redis.ts'
import { parseRedisInfo } from '../queue/redis-info.ts'

/** The current state of Redis, as far as no arriving tip can change it. */
export interface RedisNow {
  /** Whether Redis accepts writes. If not, a missing heartbeat proves nothing. */
  isWritable: boolean
  role: 'master' | 'slave' | 'other'
  isEvictionOff: boolean
  hasAppendLog: boolean
  isAppendLogWritten: boolean
  /** Whether Redis refuses writes because `maxmemory` is reached. */
  isMemoryFull: boolean
}

/** State of Redis that changes with the queue, read at step boundaries only. */
export interface RedisFigures {
  /** Used share of `maxmemory`, rounded up to tenths; null without a limit. */
  memoryRatio: number | null
  /** Duration of one PING, rounded up to 0.001, 0.01, 0.1, 1 or 10. */
  latencySeconds: number
  isAppendLogRewritten: boolean
}

const probeKey = '{tumen}:probe:ops'
const probeTtlMs = 15_000

/** Rejects when Redis does not answer. */
export async function lookAtRedis(redis: Redis): Promise<RedisNow> {
  const fields = parseRedisInfo(await (await holderOf(redis)).info())
  const refusal = await probeWrite(redis)
  const role = fields.get('role')
  return {
    isWritable: refusal === null,
    role: role === 'master' || role === 'slave' ? role : 'other',
    isEvictionOff: fields.get('maxmemory_policy') === 'noeviction',
    hasAppendLog: fields.get('aof_enabled') === '1',
    isAppendLogWritten: fields.get('aof_last_write_status') !== 'err',
    isMemoryFull: refusal === 'OOM',
  }
}

/** Rejects when Redis does not answer. */
export async function readRedisFigures(redis: Redis): Promise<RedisFigures> {
  const beganMs = performance.now()
  await (await holderOf(redis)).ping()
  const latencyMs = performance.now() - beganMs
  const fields = parseRedisInfo(await (await holderOf(redis)).info())
  const [used, limit] = [Number(fields.get('used_memory')), Number(fields.get('maxmemory'))]
  return {
    memoryRatio: limit > 0 ? Math.ceil((used / limit) * 10) / 10 : null,
    latencySeconds: 10 ** Math.min(1, Math.max(-3, Math.ceil(Math.log10(latencyMs / 1000)))),
    isAppendLogRewritten: fields.get('aof_last_bgrewrite_status') !== 'err',
  }
}

/**
 * Tries a write, the only way to learn whether Redis accepts writes. Returns null if it does, else
 * the code at the start of the refusal: READONLY, NOREPLICAS, MISCONF, OOM. Rejects when Redis does
 * not answer.
 */
async function probeWrite(redis: Redis): Promise<string | null> {
  try {
    await redis.set(probeKey, '1', 'PX', probeTtlMs)
    return null
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ReplyError') throw error
    // RESP: the first word of an error message is its code.
    return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
  }
}
