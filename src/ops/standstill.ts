import { createHmac, randomBytes } from 'node:crypto'

export interface Standstill {
  /**
   * Called once per boundary. Returns how many entries have had the same size for at least `steps`
   * whole steps.
   */
  look: (entries: Iterable<{ name: string; bytes: number }>, steps: number) => number
}

/** Names are stored as HMACs under a key that only this process has, as in `createSpoolAge`. */
export function createStandstill(): Standstill {
  const key = randomBytes(32)
  let seenSteps = new Map<string, number>()
  return {
    look(entries, steps) {
      const next = new Map<string, number>()
      for (const { name, bytes } of entries) {
        const tag = createHmac('sha256', key).update(`${bytes} ${name}`).digest('base64')
        const before = seenSteps.get(tag)
        next.set(tag, before === undefined ? 0 : before + 1)
      }
      seenSteps = next
      return [...next.values()].filter((seen) => seen >= steps).length
    },
  }
}
