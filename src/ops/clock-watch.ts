import { DriftWatch, driftEndsMs } from '../time/drift.ts'

/** Long enough for an operator to see the problem. */
const toldForMs = 60 * 60_000

export interface ClockWatch {
  /**
   * Whether the wall clock has jumped, forwards or backwards, within the last hour, or run away
   * within the last week.
   */
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
  const watch = new DriftWatch(offset(), options.monotonicMs())
  let toldUntilMs = -Infinity
  return {
    hasMoved() {
      const now = options.monotonicMs()
      const moved = watch.look(offset(), now)
      if (moved !== null)
        toldUntilMs = Math.max(toldUntilMs, now + (moved === 'jump' ? toldForMs : driftEndsMs))
      return now < toldUntilMs
    },
  }
}
