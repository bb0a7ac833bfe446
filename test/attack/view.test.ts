import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Leak } from './view/intake.ts'
import { viewOf } from './view/run.ts'
import { Draw, drawScript, type Event } from './view/script.ts'

/**
 * Tests what a stranger can learn. The intake runs twice, with and without visits of honest
 * sources; a stranger who sends requests and watches must see the same bytes in both runs.
 */
const SEED = Number(process.env['VIEW_SEED'] ?? Math.floor(Date.now() / 1000))
const ROUNDS = Number(process.env['VIEW_ROUNDS'] ?? 1000)

beforeAll(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  })
})
afterAll(() => void vi.useRealTimers())

const scriptOf = (seed: number): Event[] => drawScript(new Draw(seed))

async function seesADifference(seed: number, leak: Leak): Promise<boolean> {
  const script = scriptOf(seed)
  const [without, beside] = [
    await viewOf(script, { seed, withVisits: false, leak }),
    await viewOf(script, { seed, withVisits: true, leak }),
  ]
  return JSON.stringify(without) !== JSON.stringify(beside)
}

describe("a stranger's view", () => {
  it(`is the same with and without visits, in ${ROUNDS} rounds`, { timeout: 900_000 }, async () => {
    console.log(`view: VIEW_SEED=${SEED}`)
    const [alone, accompanied]: [number[], number[]] = [[], []]
    for (let seed = SEED; seed < SEED + ROUNDS; seed += 1) {
      const script = scriptOf(seed)
      const without = await viewOf(script, { seed, withVisits: false, msOf: alone })
      const beside = await viewOf(script, { seed, withVisits: true, msOf: accompanied })
      expect(beside, `seed ${seed}`).toEqual(without)
    }
    // The latency may differ. That is an accepted and documented limitation, so it is only printed.
    for (const [what, ms] of [['alone', alone] as const, ['with visits', accompanied] as const])
      console.log(`view: ${what}: ${ms.length} probes, ${describeMs(ms)}`)
    expect(alone.length).toBeGreaterThan(4 * ROUNDS)
  })

  it.each(['free space', 'idle connections'] as const)(
    'shows a planted leak: %s',
    { timeout: 300_000 },
    async (leak) => {
      let found = 0
      for (let seed = SEED; seed < SEED + 20; seed += 1)
        if (await seesADifference(seed, leak)) found += 1
      expect(found).toBeGreaterThan(0)
    },
  )
})

function describeMs(ms: readonly number[]): string {
  const sorted = ms.toSorted((one, other) => one - other)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2)
  return `median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`
}
