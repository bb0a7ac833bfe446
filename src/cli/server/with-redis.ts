import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { connectProducer } from '../../queue/redis.ts'

const connectMs = 2000

/**
 * Calls `use` with a connection to Redis. If Redis does not run, `use` is still called, and its
 * commands fail.
 */
export async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = connectProducer(url)
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(connectMs) }).catch(() => {})
    return await use(redis)
  } finally {
    redis.disconnect()
  }
}
