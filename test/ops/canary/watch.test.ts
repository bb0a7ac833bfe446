import { describe, expect, it } from 'vitest'
import { CanaryWatch, lateMs } from '../../../src/ops/canary/watch.ts'

describe('the watch', () => {
  it('starts well, with nothing measured', () => {
    expect(new CanaryWatch().status(0)).toEqual({ state: 'ok', undelivered: 0, latencyBand: null })
  })

  it.each([
    [0, 'under 1 s'],
    [999, 'under 1 s'],
    [1_000, 'under 5 s'],
    [5_000, 'under 30 s'],
    [30_000, 'under 2 min'],
  ])('reports %d ms as %s', (ms, latencyBand) => {
    const watch = new CanaryWatch()
    watch.begun(100)
    watch.arrived(100 + ms)
    expect(watch.status(1e9)).toEqual({ state: 'ok', undelivered: 0, latencyBand })
  })

  it('is late while one is under way for too long, and after it took too long', () => {
    const watch = new CanaryWatch()
    watch.begun(0)
    expect(watch.status(lateMs - 1)).toMatchObject({ state: 'ok', undelivered: 1 })
    expect(watch.status(lateMs)).toMatchObject({ state: 'late', undelivered: 1 })
    watch.arrived(lateMs)
    expect(watch.status(lateMs)).toMatchObject({ state: 'late', undelivered: 0 })
    watch.begun(lateMs)
    watch.arrived(lateMs + 10)
    expect(watch.status(lateMs + 10)).toMatchObject({
      state: 'ok',
      undelivered: 0,
      latencyBand: 'under 1 s',
    })
  })

  it('is late after one broken circuit, failed after two, and well after an arrival', () => {
    const watch = new CanaryWatch()
    for (const state of ['late', 'failed', 'failed']) {
      watch.begun(0)
      watch.failed(false)
      expect(watch.status(0)).toMatchObject({ state })
    }
    expect(watch.status(0)).toMatchObject({ undelivered: 3 })
    watch.begun(0)
    watch.arrived(0)
    expect(watch.status(0)).toMatchObject({ state: 'ok', undelivered: 0 })
  })

  it('fails at once after an error that does not pass by itself', () => {
    const watch = new CanaryWatch()
    watch.begun(0)
    watch.failed(true)
    expect(watch.status(0)).toMatchObject({ state: 'failed' })
    expect(watch.failures).toBe(1)
  })
})
