import type { BackoffOptions } from '../../supervise/backoff.ts'
import { createBackoff } from '../../supervise/backoff.ts'
import type { OnionStatus } from '../health.ts'

/** One failed circuit means nothing, and two may have used the same bad relay. */
const failuresThatCount = 3

const minuteMs = 60_000

/**
 * Delay between two restarts: tor needs minutes to become reachable again, and if six restarts have
 * not helped, further ones will not.
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
  /** Times of the first and last proof of the current reachable period. */
  #reachable: { sinceMs: number; untilMs: number } | null = null
  #restartFromMs = -Infinity

  constructor(backoff: BackoffOptions = restartBackoff) {
    this.#backoff = createBackoff(backoff)
  }

  /** Records that a connection got through. */
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

  /** Makes the state unknown again. */
  forget(): void {
    this.#failures = 0
    this.#state = 'unknown'
  }

  /** Whether the next probe should come soon: to confirm the failure, or to notice its end. */
  get isFailing(): boolean {
    return this.#failures > 0
  }

  /** Time since the last proof; Infinity before the first. */
  sinceProofMs(nowMs: number): number {
    return this.#reachable === null ? Infinity : nowMs - this.#reachable.untilMs
  }

  /** Due only while the onion is unreachable: if tor is down, its supervisor starts it, not ops. */
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
