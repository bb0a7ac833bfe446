import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type Circuit, SHARED } from './circuit.ts'
import { sharedFactor } from './limits.ts'

interface RateParts {
  /** Maximum of actions of one circuit in a window. */
  points: number
  windowSeconds: number
  /**
   * When all circuits together reach this number in a window, each circuit is limited to
   * `fairShare`.
   */
  crowdedAt: number
  fairShare: number
}

/**
 * Maximum of circuits that are counted. Beyond it, the count of the circuit that was inactive
 * longest is dropped. A count shared by several circuits would let an attacker use up the allowance
 * of others.
 */
export const MAX_CIRCUITS = 20_000
const ALL = 'all'

/**
 * Limits how often a circuit may do something. Counts are kept in memory only: a counter in Redis
 * would be written to its disk. The library drops a count at the end of its window.
 */
export class Rate {
  readonly #parts: RateParts
  readonly #counts: RateLimiterMemory
  readonly #all: RateLimiterMemory
  /** Circuits with a count, in the order of their last use. */
  readonly #counted = new Set<Circuit>()
  #isCrowded = false

  constructor(parts: RateParts) {
    this.#parts = parts
    const { points, windowSeconds: duration } = parts
    this.#counts = new RateLimiterMemory({ points, duration })
    this.#all = new RateLimiterMemory({ points: parts.crowdedAt, duration })
  }

  /** Whether circuits were limited to their fair share at the last call of `admit`. */
  get isCrowded(): boolean {
    return this.#isCrowded
  }

  /**
   * Counts one more action and returns whether it is allowed. A circuit with a proof of work may
   * exceed the fair share.
   */
  async admit(circuit: Circuit, isProven = false): Promise<boolean> {
    const all = await this.#all.get(ALL)
    if (all === null) this.#counted.clear()
    this.#isCrowded = (all?.consumedPoints ?? 0) >= this.#parts.crowdedAt
    const { consumedPoints } = await this.#counts.penalty(this.#touch(circuit))
    if (circuit === SHARED) return consumedPoints <= this.#parts.points * sharedFactor
    if (
      consumedPoints > (this.#isCrowded && !isProven ? this.#parts.fairShare : this.#parts.points)
    )
      return false
    await this.#all.penalty(ALL)
    return true
  }

  #touch(circuit: Circuit): Circuit {
    if (circuit === SHARED) return circuit
    this.#counted.delete(circuit)
    this.#counted.add(circuit)
    const [oldest] = this.#counted
    if (this.#counted.size > MAX_CIRCUITS && oldest !== undefined) {
      this.#counted.delete(oldest)
      void this.#counts.delete(oldest)
    }
    return circuit
  }
}

/**
 * Limits requests per minute. A visit with a tip takes about forty; one process answers 6,000
 * easily.
 */
export function requestRate(circuitRequests: number): Rate {
  return new Rate({
    points: circuitRequests,
    windowSeconds: 60,
    crowdedAt: 6_000,
    fairShare: Math.min(circuitRequests, 60),
  })
}

/** Limits new envelopes per ten minutes. */
export function envelopeRate(circuitEnvelopes: number): Rate {
  return new Rate({
    points: circuitEnvelopes,
    windowSeconds: 600,
    crowdedAt: 600,
    fairShare: Math.min(circuitEnvelopes, 30),
  })
}
