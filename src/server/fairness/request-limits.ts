import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type Circuit, SHARED } from './circuit.ts'
import { sharedFactor } from './limits.ts'

interface RateParts {
  /** What one circuit may do in a window. */
  points: number
  windowSeconds: number
  /** From this many of all circuits in a window on, each circuit may have only its fair share. */
  crowdedAt: number
  fairShare: number
}

/**
 * Circuits of which a count is kept. Beyond it, the count of the circuit that was silent longest is
 * forgotten. A count that several circuits shared would let an attacker use up what others have.
 */
export const MAX_CIRCUITS = 20_000
const ALL = 'all'

/**
 * How often a circuit may do something. Counts are kept in memory only: a counter in Redis would be
 * written to its disk. The library forgets a count with its window.
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

  /** Whether each circuit had only its fair share at the last use. */
  get isCrowded(): boolean {
    return this.#isCrowded
  }

  /** Counts one more. A circuit with a proof of work may have more than the fair share. */
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

/** Requests in a minute. A visit with a tip takes about forty; one process answers 6,000 easily. */
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
