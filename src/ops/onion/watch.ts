import type { BackoffOptions } from '../../supervise/backoff.ts'
import { createBackoff } from '../../supervise/backoff.ts'
import type { OnionStatus } from '../health.ts'

/** One circuit that fails in Tor is nothing, and two may be the same relay. */
const failuresThatCount = 3

const minuteMs = 60_000

/**
 * Between two restarts: tor needs minutes to be reachable again, and one that has not helped six
 * times will not help.
 */
export const restartBackoff: BackoffOptions = {
  firstMs: 5 * minuteMs,
  maxMs: 6 * 60 * minuteMs,
  stableMs: 60 * minuteMs,
}

/**
 * What the probes so far say, and when tor is to be started anew. Times are of a clock that only
 * goes forward.
 */
export class OnionWatch {
  readonly #backoff
  #state: OnionStatus['state'] = 'unknown'
  #restarts = 0
  #failures = 0
  /** The first and the last proof of the present time of being reachable. */
  #reachable: { sinceMs: number; untilMs: number } | null = null
  #restartFromMs = -Infinity

  constructor(backoff: BackoffOptions = restartBackoff) {
    this.#backoff = createBackoff(backoff)
  }

  /** Somebody has come through. */
  proved(nowMs: number): void {
    const sinceMs =
      this.#state === 'reachable' && this.#reachable !== null ? this.#reachable.sinceMs : nowMs
    this.#reachable = { sinceMs, untilMs: nowMs }
    this.#failures = 0
    this.#state = 'reachable'
  }

  failed(result: 'unreachable' | 'tor down'): void {
    this.#failures += 1
    if (this.#failures >= failuresThatCount) this.#state = result
  }

  /** Nothing can be told now. */
  forget(): void {
    this.#failures = 0
    this.#state = 'unknown'
  }

  /** Whether the next probe should come soon: to be sure, or to see the end of it. */
  get isFailing(): boolean {
    return this.#failures > 0
  }

  /** Since the last proof; Infinity before the first. */
  sinceProofMs(nowMs: number): number {
    return this.#reachable === null ? Infinity : nowMs - this.#reachable.untilMs
  }

  /** A tor that is down is started by whoever runs it. */
  isRestartDue(nowMs: number): boolean {
    return this.#state === 'unreachable' && nowMs >= this.#restartFromMs
  }

  restarted(nowMs: number): void {
    const heldMs = this.#reachable === null ? 0 : this.#reachable.untilMs - this.#reachable.sinceMs
    this.#restartFromMs = nowMs + this.#backoff.nextDelayMs(heldMs)
    this.#reachable = null
    this.#restarts += 1
  }

  status(): OnionStatus {
    return { state: this.#state, restarts: this.#restarts }
  }
}
