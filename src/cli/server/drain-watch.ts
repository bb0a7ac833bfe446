import { once } from 'node:events'
import { redisUrlOf } from '../../../config/private-redis.ts'
import type { Settings } from '../../../config/settings.ts'
import { connectProducer } from '../../queue/redis.ts'
import { openStoreQueue } from '../../queue/store-queue.ts'
import { countInFlight, type InFlight } from '../../store/in-flight.ts'
import type { CliContext } from '../frame/context.ts'
import { openVault } from './vault.ts'

/** Redis on the same machine answers in a millisecond. */
const connectMs = 1500

export interface Left extends InFlight {
  spool: number
  /** Jobs that are not done; null when Redis does not answer. */
  queue: number | null
}

export interface DrainWatch {
  look: () => Promise<Left>
  close: () => void
}

/**
 * Whether no tip is being received, spooled or queued. Unfinished resumable uploads do not count:
 * they survive restarts.
 */
export function isEmpty({ spool, queue, plain }: Left): boolean {
  return spool === 0 && (queue ?? 0) === 0 && plain === 0
}

export async function openDrainWatch(context: CliContext, settings: Settings): Promise<DrainWatch> {
  const store = await openVault(context, settings)
  const redis = connectProducer(redisUrlOf(settings))
  const queue = openStoreQueue(redis)
  await once(redis, 'ready', { signal: AbortSignal.timeout(connectMs) }).catch(() => {})
  return {
    async look() {
      // Counted in the order in which a tip moves through the system, so that a tip may be counted
      // twice but never missed.
      const inFlight = await countInFlight(settings.dataDir)
      let spool = 0
      for await (const _entry of store.list('incoming')) spool += 1
      const counts = await queue.counts().catch(() => null)
      return {
        ...inFlight,
        spool,
        queue: counts && counts.waiting + counts.active + counts.delayed,
      }
    },
    close() {
      redis.disconnect()
    },
  }
}
