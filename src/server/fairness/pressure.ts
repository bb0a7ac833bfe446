/** How it stands with the service: `calm`, or `crowded` when not everybody gets all at once. */
export type Pressure = 'calm' | 'crowded'

/**
 * Relief has to last this long before it counts: what is turned on by pressure must not flicker.
 */
const CALM_AFTER_MS = 120_000

/** Crowded at once, calm only after a while of calm. */
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
