import type { Redis } from 'ioredis'

const key = '{tumen}:crowded'

/** Coarse on purpose: an attack may be seen, and not when a source was there. */
const ttlSeconds = 3600

/** The intake had to share itself out. Never rejects: a sign is not worth a failure. */
export async function noteCrowded(redis: Redis): Promise<void> {
  await redis.set(key, '1', 'EX', ttlSeconds).catch(() => {})
}

/** Whether that was so in the last hour. Rejects when Redis does not answer. */
export async function wasCrowded(redis: Redis): Promise<boolean> {
  return (await redis.exists(key)) === 1
}
