import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Backoff } from '../../../src/page/sealing/backoff.ts'
import { ProgressMeter } from '../../../src/page/sealing/progress-meter.ts'
import type { SendingProgress } from '../../../src/page/sealing/sealer.ts'

describe('ProgressMeter', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function start(totalBytes = 1_000_000) {
    const reports: SendingProgress[] = []
    const meter = new ProgressMeter(
      'sending',
      totalBytes,
      (report) => reports.push(report),
      () => Date.now(),
    )
    return { meter, reports }
  }

  it('reports at most four times a second, but a new phase at once', () => {
    const { meter, reports } = start()
    for (let ms = 0; ms < 2000; ms += 10) {
      meter.done(ms)
      vi.advanceTimersByTime(10)
    }
    expect(reports.length).toBeLessThanOrEqual(9)
    expect(reports.length).toBeGreaterThanOrEqual(8)
    const before = reports.length
    meter.enter('finishing')
    expect(reports.slice(before).map(({ phase }) => phase)).toEqual(['finishing'])
    meter.stop()
    vi.advanceTimersByTime(5000)
    expect(reports).toHaveLength(before + 1)
  })

  it('has no rate at first, then the rate of the last ten seconds', () => {
    const { meter, reports } = start()
    expect(reports[0]).toMatchObject({ bytesPerSecond: null, secondsLeft: null })
    let done = 0
    const go = (seconds: number, bytesPerSecond: number) => {
      for (let tenth = 0; tenth < seconds * 10; tenth++) {
        meter.done((done += bytesPerSecond / 10))
        vi.advanceTimersByTime(100)
      }
    }
    go(5, 20_000)
    expect(reports.at(-1)?.bytesPerSecond).toBeGreaterThan(17_000)
    expect(reports.at(-1)?.bytesPerSecond).toBeLessThan(22_000)
    go(12, 1000)
    expect(reports.at(-1)?.bytesPerSecond).toBeGreaterThan(800)
    expect(reports.at(-1)?.bytesPerSecond).toBeLessThan(1200)
    expect(reports.at(-1)?.secondsLeft).toBeCloseTo(
      (1_000_000 - done) / reports.at(-1)!.bytesPerSecond!,
      -1,
    )
    meter.stop()
  })

  it('lets the rate fall while nothing moves', () => {
    const { meter, reports } = start()
    for (let second = 1; second <= 5; second++) {
      meter.done(second * 10_000)
      vi.advanceTimersByTime(1000)
    }
    const rate = reports.at(-1)!.bytesPerSecond!
    vi.advanceTimersByTime(5000)
    expect(reports.at(-1)!.bytesPerSecond!).toBeLessThan(rate * 0.7)
    vi.advanceTimersByTime(15_000)
    expect(reports.at(-1)).toMatchObject({ bytesPerSecond: 0, secondsLeft: null })
    meter.stop()
  })

  it('restarts the measurement after a pause', () => {
    const { meter, reports } = start()
    for (let second = 1; second <= 3; second++) {
      meter.done(second * 10_000)
      vi.advanceTimersByTime(1000)
    }
    meter.enter('paused')
    expect(reports.at(-1)).toMatchObject({ phase: 'paused', bytesPerSecond: null })
    vi.advanceTimersByTime(60_000)
    meter.enter('sending')
    expect(reports.at(-1)).toMatchObject({
      phase: 'sending',
      bytesPerSecond: null,
      doneBytes: 30_000,
    })
    meter.stop()
  })
})

describe('Backoff', () => {
  it.each([
    [0, 0.75],
    [0.5, 1],
    [1, 1.25],
  ])('waits longer and longer, with a random %d times %d', (random, factor) => {
    const backoff = new Backoff(() => random)
    const delays = Array.from({ length: 8 }, () => backoff.nextMs())
    expect(delays).toEqual([1, 2, 5, 10, 20, 30, 30, 30].map((seconds) => seconds * 1000 * factor))
    backoff.reset()
    expect(backoff.nextMs()).toBe(1000 * factor)
  })
})
