/** A time service that corrects the clock in small steps changes it by less than this at once. */
export const maxStepMs = 30_000

/** A clock may be this far away from where the monotonic clock expects it, … */
const maxDriftMs = 5 * 60_000

/**
 * … and a good one drifts less than this per day, which is seven times the drift of a cheap quartz.
 */
const driftMsPerDay = 60_000

const dayMs = 86_400_000

/**
 * A clock that drifts away is noticed again after at most this long, so only after this time is it
 * known to have stopped.
 */
export const driftEndsMs = 7 * dayMs

/**
 * Compares the wall clock with the monotonic clock, in small steps too: a clock that runs ahead by
 * minutes or hours a day never jumps, and would still delete a tip days too early.
 */
export class DriftWatch {
  #lastMs: number
  #expectedMs: number
  #atMs: number

  /** @param offsetMs wall time minus monotonic time. */
  constructor(offsetMs: number, nowMs: number) {
    this.#lastMs = offsetMs
    this.#expectedMs = offsetMs
    this.#atMs = nowMs
  }

  /** What the clock has done since the last call; `drift` when small steps have added up. */
  look(offsetMs: number, nowMs: number): 'jump' | 'drift' | null {
    const hasJumped = Math.abs(offsetMs - this.#lastMs) > maxStepMs
    this.#lastMs = offsetMs
    const allowedMs = ((nowMs - this.#atMs) * driftMsPerDay) / dayMs
    this.#atMs = nowMs
    const awayMs = offsetMs - this.#expectedMs
    const hasDrifted = Math.abs(awayMs) - allowedMs > maxDriftMs
    if (hasJumped || hasDrifted) this.#expectedMs = offsetMs
    else this.#expectedMs += Math.sign(awayMs) * Math.min(Math.abs(awayMs), allowedMs)
    if (hasJumped) return 'jump'
    return hasDrifted ? 'drift' : null
  }
}
