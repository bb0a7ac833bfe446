/** NTP corrects the clock by less than this in a day when slewing. */
const maxDriftMs = 30_000

/** Long enough for an operator to see the problem. */
const toldForMs = 60 * 60_000

export interface ClockWatch {
  /** Whether the wall clock has jumped, forwards or backwards, within the last hour. */
  hasMoved(): boolean
}

/**
 * Compares the wall clock with the monotonic clock. Time in which the machine was asleep counts as
 * a jump too, because no tip was accepted meanwhile.
 */
export function createClockWatch(options: {
  wallMs: () => number
  monotonicMs: () => number
}): ClockWatch {
  const offset = (): number => options.wallMs() - options.monotonicMs()
  let offsetMs = offset()
  let toldUntilMs = -Infinity
  return {
    hasMoved() {
      const now = options.monotonicMs()
      if (Math.abs(offset() - offsetMs) > maxDriftMs) toldUntilMs = now + toldForMs
      // Small corrections must not add up to a jump.
      offsetMs = offset()
      return now < toldUntilMs
    },
  }
}
