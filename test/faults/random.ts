/**
 * A small random generator (mulberry32). The same seed gives the same numbers on every machine, so
 * that a run can be repeated.
 */
export function createRandom(seed: number): {
  below(limit: number): number
  between(low: number, high: number): number
} {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (limit) => Math.floor(next() * limit),
    between: (low, high) => low + Math.floor(next() * (high - low)),
  }
}

export type Random = ReturnType<typeof createRandom>

/** The seed for this run. `FAULT_SEED=123 npx vitest run test/faults` repeats a run. */
export function seedOfRun(): number {
  const given = Number(process.env.FAULT_SEED)
  return Number.isSafeInteger(given) && given > 0 ? given : Date.now() % 2 ** 31
}
