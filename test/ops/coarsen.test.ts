import { describe, expect, it } from 'vitest'
import {
  createStepped,
  msUntilNextStep,
  roundDown,
  roundDownToPowerOfTwo,
  roundUp,
} from '../../src/ops/coarsen.ts'

describe('roundUp', () => {
  it.each([
    [-1, 0],
    [0, 0],
    [1, 10],
    [9, 10],
    [10, 10],
    [11, 100],
    [100, 100],
    [101, 1000],
  ])('%d becomes %d', (from, to) => {
    expect(roundUp(from)).toBe(to)
  })
})

describe('roundDown', () => {
  it.each([
    [0, 0],
    [0.5, 0],
    [1, 1],
    [9, 9],
    [10, 10],
    [19, 10],
    [99, 90],
    [268435456, 200000000],
  ])('%d becomes %d', (from, to) => {
    expect(roundDown(from)).toBe(to)
  })
})

describe('roundDownToPowerOfTwo', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 4],
    [7, 4],
    [8, 8],
  ])('%d becomes %d', (from, to) => {
    expect(roundDownToPowerOfTwo(from)).toBe(to)
  })
})

describe('msUntilNextStep', () => {
  it('counts to the wall-clock boundary', () => {
    expect(msUntilNextStep(new Date('2026-11-23T10:00:00.000Z'), 15)).toBe(900_000)
    expect(msUntilNextStep(new Date('2026-11-23T10:14:59.999Z'), 15)).toBe(1)
    expect(msUntilNextStep(new Date('2026-11-23T10:07:00.000Z'), 15)).toBe(480_000)
  })
})

const startMs = Date.parse('2026-11-23T10:00:00Z')

/**
 * What an observer who looks every second for an hour sees when one tip arrives at the given
 * second.
 */
async function seriesFor(
  arrivalSecond: number,
  options: { ticksOnlyWhenAsked?: boolean } = {},
): Promise<string> {
  let second = 0
  const clock = { now: () => new Date(startMs + second * 1000) }
  const stepped = createStepped({
    clock,
    stepMinutes: 15,
    read: async () => roundUp(second >= arrivalSecond ? 1 : 0),
  })
  const seen: Array<number | null> = []
  for (; second < 3600; second += 1) {
    if (!options.ticksOnlyWhenAsked || second % 60 === 0) await stepped.tick()
    seen.push(stepped.value())
  }
  return seen.join('')
}

describe('createStepped', () => {
  describe('when one tip arrives', () => {
    it('shows the same series for minute 1 and minute 14', async () => {
      const early = await seriesFor(1 * 60)
      expect(await seriesFor(14 * 60)).toBe(early)
      expect(await seriesFor(1)).toBe(early)
      expect(early).toBe('0'.repeat(900) + '10'.repeat(2700))
    })

    it('shows another series for the next step, so the test can fail', async () => {
      expect(await seriesFor(16 * 60)).not.toBe(await seriesFor(14 * 60))
    })

    it('shows the same however often the clock is looked at', async () => {
      expect(await seriesFor(840, { ticksOnlyWhenAsked: true })).toBe(await seriesFor(60))
    })
  })

  it('reads once a step, and one reading at a time', async () => {
    let nowMs = startMs
    let open = 0
    let most = 0
    const gate = Promise.withResolvers<void>()
    const stepped = createStepped({
      clock: { now: () => new Date(nowMs) },
      stepMinutes: 1,
      read: async () => {
        open += 1
        most = Math.max(most, open)
        await gate.promise
        open -= 1
        return nowMs
      },
    })
    void stepped.tick()
    void stepped.tick()
    nowMs += 60_000
    const last = stepped.tick()
    gate.resolve()
    await last
    expect(most).toBe(1)
    expect(stepped.value()).toBe(nowMs)
  })
})
