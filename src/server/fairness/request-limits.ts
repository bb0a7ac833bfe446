import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type Circuit, SHARED } from './circuit.ts'
import { sharedFactor } from './limits.ts'

interface RateParts {
  /** For one circuit, in a window. */
  points: number
  windowSeconds: number
  /** From so many on, of all circuits in a window, each may have only its fair share. */
  crowdedAt: number
  fairShare: number
}

/** More circuits than any service sees in a window; what comes after them is counted together. */
const MOST_CIRCUITS = 20_000
const LATECOMERS = 'late'
const ALL = 'all'

/**
 * How often a circuit may do something. In memory and only there: a counter in Redis would be
 * written to its disk. The library drops a key with its window.
 */
export class Rate {
  readonly #parts: RateParts
  readonly #counts: RateLimiterMemory
  readonly #all: RateLimiterMemory
  readonly #seen = new Set<Circuit>()
  #isCrowded = false

  constructor(parts: RateParts) {
    this.#parts = parts
    const { points, windowSeconds: duration } = parts
    this.#counts = new RateLimiterMemory({ points, duration })
    this.#all = new RateLimiterMemory({ points: parts.crowdedAt, duration })
  }

  /**
   * Whether so many come that each circuit may have only its fair share, as of the last that came.
   */
  get isCrowded(): boolean {
    return this.#isCrowded
  }

  /**
   * Counts one more, and says whether it may be. Whoever has worked for it may have more than the
   * fair share.
   */
  async admit(circuit: Circuit, isProven = false): Promise<boolean> {
    const all = await this.#all.get(ALL)
    if (all === null) this.#seen.clear()
    this.#isCrowded = (all?.consumedPoints ?? 0) >= this.#parts.crowdedAt
    const { consumedPoints } = await this.#counts.penalty(this.#keyOf(circuit))
    if (circuit === SHARED) return consumedPoints <= this.#parts.points * sharedFactor
    if (
      consumedPoints > (this.#isCrowded && !isProven ? this.#parts.fairShare : this.#parts.points)
    )
      return false
    await this.#all.penalty(ALL)
    return true
  }

  #keyOf(circuit: Circuit): string {
    if (this.#seen.size >= MOST_CIRCUITS && !this.#seen.has(circuit)) return LATECOMERS
    this.#seen.add(circuit)
    return circuit
  }
}

/**
 * Requests in a minute. Crowded: what one process answers with ease, and a visit with a tip takes
 * about forty.
 */
export function requestRate(circuitRequests: number): Rate {
  return new Rate({
    points: circuitRequests,
    windowSeconds: 60,
    crowdedAt: 6_000,
    fairShare: Math.min(circuitRequests, 60),
  })
}

/** New envelopes in ten minutes. */
export function envelopeRate(circuitEnvelopes: number): Rate {
  return new Rate({
    points: circuitEnvelopes,
    windowSeconds: 600,
    crowdedAt: 600,
    fairShare: Math.min(circuitEnvelopes, 30),
  })
}
