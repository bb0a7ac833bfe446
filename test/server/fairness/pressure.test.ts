import { describe, expect, it } from 'vitest'
import { PressureGauge } from '../../../src/server/fairness/pressure.ts'

describe('PressureGauge', () => {
  it('is crowded at once, and calm only after two minutes of calm', () => {
    let nowMs = 0
    const gauge = new PressureGauge(() => nowMs)
    expect(gauge.level).toBe('calm')
    gauge.note(true)
    nowMs = 119_999
    gauge.note(false)
    expect(gauge.level).toBe('crowded')
    nowMs = 120_000
    expect(gauge.level).toBe('calm')
  })
})
