import type { Figures } from '../../src/ops/figures.ts'
import type { Health } from '../../src/ops/health.ts'

const none = { envelopes: 0, bytes: 0 }

/** A service at which nothing has arrived yet. */
export const quiet: Figures = {
  queue: { waiting: 0, active: 0, delayed: 0, failed: 0 }, spool: none, spoolOldestMinutes: 0,
  vault: none, collected: none, quarantine: none, freeBytes: 70_000_000_000, sealedToOldKeyring: 0,
}

/** A service that works. */
export const well: Health = { isReady: true, problems: [], isRedisUp: true, processes: { intake: 1, worker: 2 }, keyringDaysLeft: 90 }
