import { Redis } from 'ioredis'

/** The whole content of a Redis as text: each key with its value. */
export async function dumpRedis(socketPath: string): Promise<string> {
  const redis = new Redis({ path: socketPath })
  try {
    const keys = await redis.keys('*')
    const entries = await Promise.all(keys.map(async (key) => [key, await contentOf(redis, key)]))
    return JSON.stringify(entries)
  } finally {
    redis.disconnect()
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key)
  switch (type) {
    case 'string':
      return await redis.get(key)
    case 'hash':
      return await redis.hgetall(key)
    case 'list':
      return await redis.lrange(key, '0', '-1')
    case 'set':
      return await redis.smembers(key)
    case 'zset':
      return await redis.zrange(key, '0', '-1')
    case 'stream':
      return await redis.xrange(key, '-', '+')
    default:
      throw new Error(`${key} is a ${type}: nobody has looked into it`)
  }
}
