import type { Clock } from './clock.ts'
import { DriftWatch, driftEndsMs, maxStepMs } from './drift.ts'

/** A jump forwards must last this long before the new time is used. */
const holdMs = 10 * 60_000

/** Only if there was no jump for this long may anything irreversible be done. */
const settleMs = 60 * 60_000

export interface SteadyClock extends Clock {
  /**
   * Whether the clock has run for an hour without a jump, and for a week without running away, as
   * far as this process has seen.
   */
  isSettled: () => boolean
}

/**
 * The wall clock, compared with the monotonic clock, which cannot be set. While a jump forwards is
 * younger than ten minutes, time continues from before the jump, so that a wrong clock that briefly
 * shows a day in the future never gets into a record. A jump backwards is followed immediately,
 * because it leads back from a wrong day in the future. Waking from sleep looks like a jump
 * forwards, and for ten minutes an older time is used.
 */
export function createSteadyClock(options: {
  wallMs: () => number
  monotonicMs: () => number
}): SteadyClock {
  const { wallMs, monotonicMs } = options
  /** Wall time minus monotonic time, as currently used. */
  let offsetMs = wallMs() - monotonicMs()
  let settledAtMs = monotonicMs() + settleMs
  let jump: { offsetMs: number; sinceMs: number } | null = null
  const watch = new DriftWatch(offsetMs, monotonicMs())

  function look(): void {
    const now = monotonicMs()
    const seenMs = wallMs() - now
    const moved = watch.look(seenMs, now)
    if (moved !== null) {
      settledAtMs = Math.max(settledAtMs, now + (moved === 'jump' ? settleMs : driftEndsMs))
      jump = { offsetMs: seenMs, sinceMs: now }
    }
    const isForwards = jump !== null && seenMs > offsetMs + maxStepMs
    if (isForwards && jump !== null && now - jump.sinceMs < holdMs) return
    offsetMs = seenMs
    jump = null
  }

  return {
    now() {
      look()
      return new Date(monotonicMs() + offsetMs)
    },
    isSettled() {
      look()
      return monotonicMs() >= settledAtMs
    },
  }
}

/** The clock of a process that keeps records. */
export function startSteadyClock(): SteadyClock {
  return createSteadyClock({ wallMs: () => Date.now(), monotonicMs: () => performance.now() })
}
