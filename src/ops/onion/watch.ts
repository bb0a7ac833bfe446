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
 * The state that the probes so far show, and when tor should be restarted. Times come from a
 * monotonic clock.
 */
export class OnionWatch {
  readonly #backoff
  #state: OnionStatus['state'] = 'unknown'
  #restarts = 0
  #failures = 0
  /** First and last proof of the current period in which the onion was reachable. */
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

  /** The state is unknown for now. */
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

  /** Whoever supervises tor starts it when it is down; ops does not. */
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
