import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Circuit, SHARED } from '../../../src/server/fairness/circuit.ts'
import { MAX_CIRCUITS, Rate } from '../../../src/server/fairness/request-limits.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const rateOf = (): Rate => new Rate({ points: 10, windowSeconds: 60, crowdedAt: 30, fairShare: 3 })

async function admitted(rate: Rate, circuit: string, times: number): Promise<number> {
  let count = 0
  for (let time = 0; time < times; time += 1) if (await rate.admit(circuit as Circuit)) count += 1
  return count
}

describe('Rate', () => {
  it('accepts the share of one circuit, and the same again in the next minute', async () => {
    const rate = rateOf()
    expect(await admitted(rate, 'one', 12)).toBe(10)
    expect(await admitted(rate, 'two', 12)).toBe(10)
    await vi.advanceTimersByTimeAsync(60_001)
    expect(await admitted(rate, 'one', 12)).toBe(10)
  })

  it('leaves each circuit its fair share in a crowd: new ones come before frequent ones', async () => {
    const rate = rateOf()
    for (const circuit of ['a', 'b', 'c']) expect(await admitted(rate, circuit, 10)).toBe(10)
    expect(await admitted(rate, 'a', 1)).toBe(0)
    expect(rate.isCrowded).toBe(true)
    expect(await admitted(rate, 'fresh', 5)).toBe(3)
    await vi.advanceTimersByTimeAsync(60_001)
    expect(await admitted(rate, 'fresh', 5)).toBe(5)
    expect(rate.isCrowded).toBe(false)
  })

  it('counts clients without a circuit as a thousand people, and not against any circuit', async () => {
    const rate = rateOf()
    expect(await admitted(rate, SHARED, 10_001)).toBe(10_000)
    expect(await admitted(rate, 'one', 12)).toBe(10)
  })

  it('forgets the circuit that was silent longest, and lets no circuit share a count', async () => {
    const rate = new Rate({ points: 1, windowSeconds: 600, crowdedAt: 600, fairShare: 1 })
    expect(await admitted(rate, 'first', 1)).toBe(1)
    for (let number = 0; number < MAX_CIRCUITS - 1; number += 1)
      await admitted(rate, `${number}`, 1)
    expect(await admitted(rate, 'first', 1)).toBe(0)
    for (let number = 0; number < 5000; number += 1)
      expect(await admitted(rate, `late ${number}`, 2)).toBe(1)
    expect(await admitted(rate, 'first', 1)).toBe(0)
    expect(await admitted(rate, '0', 1)).toBe(1)
  })

  it('keeps no key longer than its window', async () => {
    const rate = rateOf()
    await admitted(rate, 'one', 1)
    expect(vi.getTimerCount()).toBe(2)
    await vi.advanceTimersByTimeAsync(61_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})
