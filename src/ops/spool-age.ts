import { createHmac, randomBytes } from 'node:crypto'
import { roundDownToPowerOfTwo } from './coarsen.ts'

export interface SpoolAge {
  /**
   * Called once per boundary. Returns the age of the oldest entry in whole steps, rounded down to
   * a power of two.
   */
  look: (receipts: Iterable<string>) => number
}

/**
 * Files in the spool have no time of day, so age is counted from the first boundary at which an
 * entry was seen. Entries are stored as HMACs under a key that only this process has, so its
 * memory contains no receipt and no time finer than a step.
 */
export function createSpoolAge(): SpoolAge {
  const key = randomBytes(32)
  let seenSteps = new Map<string, number>()
  return {
    look(receipts) {
      const next = new Map<string, number>()
      let oldest = 0
      for (const receipt of receipts) {
        const tag = createHmac('sha256', key).update(receipt).digest('base64')
        const before = seenSteps.get(tag)
        const steps = before === undefined ? 0 : before + 1
        next.set(tag, steps)
        oldest = Math.max(oldest, steps)
      }
      seenSteps = next
      return roundDownToPowerOfTwo(oldest)
    },
  }
}
