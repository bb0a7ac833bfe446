import type { Redis } from 'ioredis'

const keyPrefix = '{tumen}:heartbeat:'

/** A process that has said nothing for this long is gone. */
const ttlMs = 15_000

/** What `readHeartbeats` returns at most; more processes than this are not ours. */
const maxHeartbeats = 256

export interface Heartbeat {
  role: string
  instance: string
  draining: boolean
}

export async function beat(redis: Redis, role: string, instance: string, state: { draining: boolean }): Promise<void> {
  await redis.set(`${keyPrefix}${role}:${instance}`, state.draining ? 'draining' : 'up', 'PX', ttlMs)
}

/** Beats now and then every `intervalMs`. A beat that Redis does not take is just missed. */
export function startHeartbeat(options: {
  redis: Redis
  role: string
  instance: string
  isDraining: () => boolean
  intervalMs: number
}): { stop(): void } {
  const { redis, role, instance, isDraining, intervalMs } = options
  let isBeating = false
  const beatOnce = (): void => {
    // One at a time: while Redis is frozen they would pile up.
    if (isBeating) return
    isBeating = true
    beat(redis, role, instance, { draining: isDraining() })
      .catch(() => {})
      .finally(() => {
        isBeating = false
      })
  }
  const timer = setInterval(beatOnce, intervalMs)
  redis.on('ready', beatOnce)
  beatOnce()
  return {
    stop() {
      clearInterval(timer)
      redis.off('ready', beatOnce)
    },
  }
}

/** Every process that beat within the last 15 s. Rejects when Redis does not answer. */
export async function readHeartbeats(redis: Redis): Promise<Heartbeat[]> {
  const keys = await findHeartbeatKeys(redis)
  if (keys.length === 0) return []
  const states = await redis.mget(keys)
  return keys.flatMap((key, index) => {
    const state = states[index]
    const match = /^([a-z]+):(.+)$/.exec(key.slice(keyPrefix.length))
    if (match?.[1] === undefined || match[2] === undefined || typeof state !== 'string') return []
    return [{ role: match[1], instance: match[2], draining: state === 'draining' }]
  })
}

async function findHeartbeatKeys(redis: Redis): Promise<string[]> {
  const keys = new Set<string>()
  let cursor = '0'
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', `${keyPrefix}*`, 'COUNT', 500)
    for (const key of page) if (keys.size < maxHeartbeats) keys.add(key)
    cursor = next
  } while (cursor !== '0')
  return [...keys].sort()
}
