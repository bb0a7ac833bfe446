import type { Redis } from 'ioredis'
import { holderOf } from '../queue/redis.ts'
import { parseRedisInfo } from '../queue/redis-info.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'redis'
const needed = [6, 2] as const
const fullShare = 0.8
const slowMs = 20
const pings = 21

export interface RedisFacts {
  /** The raw answer to `INFO`. */
  info: string
  /** Median duration of one round trip. */
  medianMs: number
}

/** Rejects when Redis does not answer. */
export async function askRedisFacts(redis: Redis): Promise<RedisFacts> {
  const holder = await holderOf(redis)
  const info = await holder.info()
  const times: number[] = []
  for (let n = 0; n < pings; n += 1) {
    const began = performance.now()
    await holder.ping()
    times.push(performance.now() - began)
  }
  return { info, medianMs: times.sort((one, other) => one - other)[pings >> 1] ?? 0 }
}

/** One finding for each problem, or a single good one. */
export function checkRedis(facts: RedisFacts | null): Finding[] {
  if (facts === null) {
    return [
      wrong(
        check,
        'it does not answer; tips are stored without it, more slowly',
        'start it again, or check TUMEN_REDIS_URL',
      ),
    ]
  }
  const fields = parseRedisInfo(facts.info)
  const findings = [
    checkVersion(fields),
    checkPolicy(fields),
    checkLog(fields),
    checkMemory(fields),
    checkLatency(facts.medianMs),
  ].filter((finding) => finding !== null)
  return findings.length > 0
    ? findings
    : [well(check, `version ${fields.get('redis_version')}, noeviction, append-only log, quick`)]
}

type Fields = ReturnType<typeof parseRedisInfo>

function checkVersion(fields: Fields): Finding | null {
  const [major = 0, minor = 0] = (fields.get('redis_version') ?? '').split('.').map(Number)
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return null
  return wrong(
    check,
    `version ${shown(fields.get('redis_version'))} is too old`,
    `use Redis ${needed.join('.')} or later`,
  )
}

function checkPolicy(fields: Fields): Finding | null {
  const policy = fields.get('maxmemory_policy')
  if (policy === 'noeviction') return null
  return wrong(
    check,
    `its policy is ${shown(policy)}: when memory is short it throws jobs away`,
    'CONFIG SET maxmemory-policy noeviction, and in redis.conf',
  )
}

function checkLog(fields: Fields): Finding | null {
  if (fields.get('aof_enabled') !== '1')
    return doubtful(
      check,
      'it keeps no append-only log: each restart empties the queue, and the sweep fills it again',
      'appendonly yes in redis.conf',
    )
  const broken = ['aof_last_write_status', 'aof_last_bgrewrite_status'].find(
    (name) => (fields.get(name) ?? 'ok') !== 'ok',
  )
  return broken === undefined
    ? null
    : wrong(
        check,
        `its append-only log fails (${broken})`,
        'look at its disk: space, rights, errors',
      )
}

function checkMemory(fields: Fields): Finding | null {
  const [used, max] = [Number(fields.get('used_memory') ?? 0), Number(fields.get('maxmemory') ?? 0)]
  if (max === 0)
    return doubtful(
      check,
      'its memory has no limit',
      'CONFIG SET maxmemory 256mb, and in redis.conf',
    )
  return used < max * fullShare
    ? null
    : doubtful(
        check,
        'its memory is nearly full',
        'see why the queue is long ("tumen status"), or give it more',
      )
}

function checkLatency(medianMs: number): Finding | null {
  return medianMs < slowMs
    ? null
    : doubtful(
        check,
        `it takes ${Math.round(medianMs)} ms to answer`,
        'run it on this machine, and see what else runs there',
      )
}

function shown(value: string | undefined): string {
  return (value ?? 'unknown').replace(/[^\w.-]/g, '?').slice(0, 30)
}
