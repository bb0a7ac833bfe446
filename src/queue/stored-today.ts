import type { Redis } from 'ioredis'

const key = '{tumen}:stored'

/** Redis takes this many members in one command without delay. */
const batchSize = 1000

/**
 * The receipts that are stored and still rest under `incoming`, as a set in Redis. Every command
 * may fail, and then nothing is known: see `StoredToday` of the store.
 */
export function createStoredSet(redis: Redis) {
  const inBatches = async (
    receipts: readonly string[],
    send: (batch: string[]) => Promise<unknown>,
  ): Promise<void> => {
    for (let at = 0; at < receipts.length; at += batchSize)
      await send(receipts.slice(at, at + batchSize)).catch(() => {})
  }
  return {
    async among(receipts: readonly string[]): Promise<ReadonlySet<string>> {
      const found = new Set<string>()
      await inBatches(receipts, async (batch) => {
        const answers = await redis.smismember(key, ...batch)
        for (const [index, receipt] of batch.entries()) if (answers[index] === 1) found.add(receipt)
      })
      return found
    },
    add: (receipts: readonly string[]): Promise<void> =>
      inBatches(receipts, (batch) => redis.sadd(key, ...batch)),
    forget: (receipts: readonly string[]): Promise<void> =>
      inBatches(receipts, (batch) => redis.srem(key, ...batch)),
    /** Number of receipts; rejects when Redis does not answer. */
    count: (): Promise<number> => redis.scard(key),
  }
}
