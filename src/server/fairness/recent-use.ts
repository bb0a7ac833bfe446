import type { Circuit } from './circuit.ts'

/**
 * After this time, half of a circuit's used upload time is forgotten; after some minutes, all of
 * it.
 */
const HALF_LIFE_MS = 60_000

/**
 * Maximum of used upload time that is counted: a circuit that uploaded for hours is not held back
 * longer than one that uploaded for two minutes.
 */
const MOST_MS = 120_000

/** Below this, the used time is negligible and the circuit is forgotten. */
const LEAST_MS = 100

/**
 * More circuits than any service sees in ten minutes. Beyond it, the circuit that was active
 * longest ago is forgotten first.
 */
const MOST_CIRCUITS = 20_000

interface Used {
  ms: number
  atMs: number
}

/**
 * How much upload time each circuit has used lately. The circuit that has used least is served
 * first.
 */
export class RecentUse {
  readonly #used = new Map<Circuit, Used>()

  of(circuit: Circuit, nowMs: number): number {
    const used = this.#used.get(circuit)
    return used === undefined ? 0 : used.ms * 2 ** ((used.atMs - nowMs) / HALF_LIFE_MS)
  }

  add(circuit: Circuit, ms: number, nowMs: number): void {
    const sum = Math.min(MOST_MS, this.of(circuit, nowMs) + ms)
    this.#used.delete(circuit)
    this.#used.set(circuit, { ms: sum, atMs: nowMs })
    const [oldest] = this.#used.keys()
    if (this.#used.size > MOST_CIRCUITS && oldest !== undefined) this.#used.delete(oldest)
  }

  forget(nowMs: number): void {
    for (const circuit of this.#used.keys())
      if (this.of(circuit, nowMs) < LEAST_MS) this.#used.delete(circuit)
  }

  get size(): number {
    return this.#used.size
  }
}
