import type { CanaryStatus } from '../health.ts'

/** A tip that takes longer is late: with Tor's minute for a circuit, and no queue before it. */
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

/**
 * What the canaries so far say about a tip sent now. Times are of a clock that only goes forward.
 */
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

  /** One arrival answers for those before it too: what still comes is removed when it comes. */
  arrived(nowMs: number): void {
    this.#latencyMs = nowMs - (this.#begunAtMs ?? nowMs)
    this.#begunAtMs = null
    this.#undelivered = 0
    this.#failures = 0
    this.#isBlocked = false
  }

  /** `isLasting`: nothing that the next try may find gone by itself. */
  failed(isLasting: boolean): void {
    this.#begunAtMs = null
    this.#failures += 1
    if (isLasting || this.#failures >= failuresThatCount) this.#isBlocked = true
  }

  /** Failed tries since the last arrival. */
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
