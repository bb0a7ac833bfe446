import type { Clock } from './clock.ts'

/** Slewing by NTP moves less than this between two readings. */
const maxDriftMs = 30_000

/** A jump forwards must last this long before its time is used. */
const holdMs = 10 * 60_000

/** No jump for this long: only then may anything be done that cannot be undone. */
const settleMs = 60 * 60_000

export interface SteadyClock extends Clock {
  /** Whether the clock has run for an hour without a jump, as far as this process has seen. */
  isSettled: () => boolean
}

/**
 * The wall clock, held against one that cannot be set. While a jump forwards is younger than ten
 * minutes, time continues from before the jump: a day in the future that a wrong clock shows for a
 * moment never becomes a record. A jump backwards is followed at once, for it leads out of the
 * future. A machine that slept looks like a jump forwards, and costs ten minutes of an older time.
 */
export function createSteadyClock(options: {
  wallMs: () => number
  monotonicMs: () => number
}): SteadyClock {
  const { wallMs, monotonicMs } = options
  /** Wall time minus monotonic time, as it is used. */
  let offsetMs = wallMs() - monotonicMs()
  let settledAtMs = monotonicMs() + settleMs
  let jump: { offsetMs: number; sinceMs: number } | null = null

  function look(): void {
    const now = monotonicMs()
    const seenMs = wallMs() - now
    if (Math.abs(seenMs - (jump?.offsetMs ?? offsetMs)) > maxDriftMs) {
      settledAtMs = now + settleMs
      jump = { offsetMs: seenMs, sinceMs: now }
    }
    const isForwards = jump !== null && seenMs > offsetMs + maxDriftMs
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
