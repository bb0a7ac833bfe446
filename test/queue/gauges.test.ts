import { describe, expect, it } from 'vitest'
import { createGauges, parseGauges } from '../../src/queue/gauges.ts'

describe('createGauges', () => {
  it('moves at boundaries only, and in coarse bands', () => {
    let now = new Date('2026-11-23T10:07:00Z')
    const gauges = createGauges({ clock: { now: () => now }, stepMinutes: 15 })
    expect(gauges()).toBeNull()
    now = new Date('2026-11-23T10:15:00Z')
    const first = gauges()
    expect([10, 100, 1000, 10_000]).toContain(first?.lagMs)
    expect((first?.rssBytes ?? 1) % (64 * 1024 * 1024)).toBe(0)
    const ballast = Buffer.alloc(200 * 1024 * 1024, 1)
    now = new Date('2026-11-23T10:29:59Z')
    expect(gauges()).toEqual(first)
    now = new Date('2026-11-23T10:30:00Z')
    expect(gauges()?.rssBytes).toBeGreaterThan(first?.rssBytes ?? Infinity)
    expect(ballast.length).toBeGreaterThan(0)
  })
})

describe('parseGauges', () => {
  it('reads what it wrote', () => {
    expect(parseGauges('{"lagMs":100,"rssBytes":67108864}')).toEqual({
      lagMs: 100,
      rssBytes: 67_108_864,
    })
  })

  it.each([
    '',
    'null',
    '[]',
    '{"lagMs":100}',
    '{"lagMs":-1,"rssBytes":1}',
    '{"lagMs":1.5,"rssBytes":1}',
    '{"lagMs":1,"rssBytes":1e300}',
    '{"lagMs":"1","rssBytes":1}',
  ])('is null for %j', (text) => expect(parseGauges(text)).toBeNull())
})
