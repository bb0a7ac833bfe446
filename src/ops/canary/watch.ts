import type { CanaryStatus } from '../health.ts'

/**
 * A tip that takes longer counts as late. This includes a minute for a circuit in Tor, and no
 * queue.
 */
export const lateMs = 90_000
/** One broken circuit is normal; two in a row are not. */
const failuresThatCount = 2

const bands: readonly [belowMs: number, name: string][] = [
  [1_000, 'under 1 s'],
  [5_000, 'under 5 s'],
  [30_000, 'under 30 s'],
  [120_000, 'under 2 min'],
  [600_000, 'under 10 min'],
]

/** What the canaries so far say about a tip sent now. Times come from a monotonic clock. */
export class CanaryWatch {
  #begunAtMs: number | null = null
  #undelivered = 0
  #failures = 0
  #isBlocked = false
  #latencyMs: number | null = null

  begun(nowMs: number): void {
    this.#begunAtMs = nowMs
    this.#undelivered += 1
  }

  /** One arrival also settles all earlier canaries: those that still arrive are removed then. */
  arrived(nowMs: number): void {
    this.#latencyMs = nowMs - (this.#begunAtMs ?? nowMs)
    this.#begunAtMs = null
    this.#undelivered = 0
    this.#failures = 0
    this.#isBlocked = false
  }

  /** `isLasting`: the failure is not expected to be gone at the next attempt. */
  failed(isLasting: boolean): void {
    this.#begunAtMs = null
    this.#failures += 1
    if (isLasting || this.#failures >= failuresThatCount) this.#isBlocked = true
  }

  /** Failed attempts since the last arrival. */
  get failures(): number {
    return this.#failures
  }

  status(nowMs: number): CanaryStatus {
    return {
      state: this.#state(nowMs),
      undelivered: this.#undelivered,
      latencyBand: this.#latencyMs === null ? null : bandOf(this.#latencyMs),
    }
  }

  #state(nowMs: number): CanaryStatus['state'] {
    if (this.#isBlocked) return 'failed'
    const waitingMs = this.#begunAtMs === null ? 0 : nowMs - this.#begunAtMs
    return this.#failures > 0 || Math.max(waitingMs, this.#latencyMs ?? 0) >= lateMs ? 'late' : 'ok'
  }
}

function bandOf(ms: number): string {
  return bands.find(([belowMs]) => ms < belowMs)?.[1] ?? 'over 10 min'
}
