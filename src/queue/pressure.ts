import type { Redis } from 'ioredis'

const key = '{tumen}:crowded'

/** Coarse on purpose: the flag may reveal an attack, but not when a source was connected. */
const ttlSeconds = 3600

/** Notes that the intake was crowded. Never rejects: the flag is not worth a failure. */
export async function noteCrowded(redis: Redis): Promise<void> {
  await redis.set(key, '1', 'EX', ttlSeconds).catch(() => {})
}

/** Whether the intake was crowded in the last hour. Rejects when Redis does not answer. */
export async function wasCrowded(redis: Redis): Promise<boolean> {
  return (await redis.exists(key)) === 1
}
