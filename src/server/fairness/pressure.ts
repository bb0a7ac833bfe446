/** `calm`, or `crowded` when requests exceed the capacity and have to wait. */
export type Pressure = 'calm' | 'crowded'

/**
 * Pressure must be gone for this long before the state returns to `calm`, so that measures against
 * it are not switched on and off in quick succession.
 */
const CALM_AFTER_MS = 120_000

/** Reports `crowded` immediately, and `calm` only after a period without pressure. */
export class PressureGauge {
  readonly #nowMs: () => number
  #crowdedAtMs = -Infinity

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  get level(): Pressure {
    return this.#nowMs() - this.#crowdedAtMs < CALM_AFTER_MS ? 'crowded' : 'calm'
  }

  note(isCrowded: boolean): void {
    if (isCrowded) this.#crowdedAtMs = this.#nowMs()
  }
}
