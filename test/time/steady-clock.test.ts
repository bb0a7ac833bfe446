import { describe, expect, it } from 'vitest'
import { createSteadyClock } from '../../src/time/steady-clock.ts'

const startMs = Date.parse('2026-11-23T12:00:00Z')
const dayMs = 86_400_000
const minute = 60_000

function watched() {
  let elapsedMs = 0
  let wrongByMs = 0
  const clock = createSteadyClock({
    wallMs: () => startMs + elapsedMs + wrongByMs,
    monotonicMs: () => elapsedMs,
  })
  return {
    clock,
    pass: (ms: number) => void (elapsedMs += ms),
    wrongBy: (ms: number) => void (wrongByMs = ms),
    /** The clock's difference from the true time, in milliseconds. */
    error: () => clock.now().getTime() - startMs - elapsedMs,
  }
}

describe('createSteadyClock', () => {
  it('does not follow a clock that is in the future for 13 s', () => {
    const { pass, wrongBy, error } = watched()
    pass(minute)
    wrongBy(40 * dayMs)
    expect(error()).toBe(0)
    pass(13_000)
    expect(error()).toBe(0)
    wrongBy(0)
    expect(error()).toBe(0)
  })

  it('follows a jump forwards once it has lasted for ten minutes', () => {
    const { pass, wrongBy, error } = watched()
    wrongBy(dayMs)
    expect(error()).toBe(0)
    pass(10 * minute - 1)
    expect(error()).toBe(0)
    pass(1)
    expect(error()).toBe(dayMs)
  })

  it('counts the ten minutes from the last of several jumps', () => {
    const { pass, wrongBy, error } = watched()
    wrongBy(dayMs)
    error()
    pass(9 * minute)
    wrongBy(2 * dayMs)
    error()
    pass(9 * minute)
    expect(error()).toBe(0)
    pass(minute)
    expect(error()).toBe(2 * dayMs)
  })

  it('follows a jump backwards at once: it leads out of the future', () => {
    const { wrongBy, error } = watched()
    wrongBy(-dayMs)
    expect(error()).toBe(-dayMs)
  })

  it('follows what a time service corrects little by little', () => {
    const { pass, wrongBy, error } = watched()
    for (let second = 1; second <= 100; second += 1) {
      pass(minute)
      wrongBy(second * 1000)
      expect(error()).toBe(second * 1000)
    }
  })

  it.each([
    ['two minutes a day', 120_000],
    ['two hours a day', 2 * 60 * minute],
    ['at twice the speed', dayMs],
  ])('is never settled while the clock runs away: %s', (_, driftMsPerDay) => {
    const { clock, pass, wrongBy } = watched()
    let wrongMs = 0
    const run = (minutes: number): boolean => {
      let isSettled = false
      for (let passed = 0; passed < minutes; passed += 1) {
        pass(minute)
        wrongBy((wrongMs += (driftMsPerDay * minute) / dayMs))
        isSettled = clock.isSettled() || isSettled
      }
      return isSettled
    }
    // Until it is noticed, it is wrong by less than ten minutes.
    run(6 * 1440)
    expect(run(30 * 1440)).toBe(false)
    pass(7 * dayMs)
    expect(clock.isSettled()).toBe(true)
  })

  it('does not follow a clock that runs at twice the speed', () => {
    const { pass, wrongBy, error } = watched()
    for (let passed = 1; passed <= 10 * 1440; passed += 1) {
      pass(minute)
      wrongBy(passed * minute)
      expect(error()).toBeLessThanOrEqual(5 * minute)
    }
  })

  it('is settled after an hour without a jump, and never before', () => {
    const { clock, pass, wrongBy } = watched()
    expect(clock.isSettled()).toBe(false)
    pass(60 * minute - 1)
    expect(clock.isSettled()).toBe(false)
    pass(1)
    expect(clock.isSettled()).toBe(true)
    wrongBy(-dayMs)
    expect(clock.isSettled()).toBe(false)
    pass(60 * minute)
    expect(clock.isSettled()).toBe(true)
  })
})
