import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCanary } from '../../src/ops/canary/start.ts'
import { jittered } from '../../src/ops/jitter.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { makeCanaryParts } from './canary/parts.ts'
import { eventually } from '../support/eventually.ts'

describe('jittered', () => {
  it.each([1000, 900_000])('is between a half and one and a half of %i, spread over all', (ms) => {
    const times = Array.from({ length: 2000 }, () => jittered(ms))
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(ms / 2)
      expect(time).toBeLessThanOrEqual(ms * 1.5)
    }
    const tenths = new Set(times.map((time) => Math.floor((time - ms / 2) / (ms / 10))))
    expect(tenths.size).toBeGreaterThanOrEqual(10)
  })
})

describe('canaries', () => {
  it('are sent at irregular times: some come sooner than the interval', async () => {
    const dir = await makeTempDir()
    const intervalMs = 60
    let lastMs = Number.NaN
    let shortest = Infinity
    const parts = await makeCanaryParts(
      { dataDir: dir, keysDir: join(dir, 'keys'), address: { listen: { host: 'x', port: 1 } } },
      {
        // A circuit that breaks at once, so that only the pauses between two canaries take time.
        newVisitor: () => {
          const nowMs = performance.now()
          shortest = Math.min(shortest, nowMs - lastMs || Infinity)
          lastMs = nowMs
          return () => Promise.reject(new Error('no circuit'))
        },
      },
    )
    const canary = await startCanary({ ...parts, intervalMs }, parts.notes)
    // A busy machine makes pauses longer, never shorter.
    await eventually(() => expect(shortest).toBeLessThan(0.9 * intervalMs))
    await canary.stop()
    expect(shortest).toBeGreaterThan(intervalMs / 2 - 2)
  })
})
