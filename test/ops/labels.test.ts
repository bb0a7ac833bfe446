import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FigureSources, readFigures } from '../../src/ops/figures.ts'
import { figureSamples } from '../../src/ops/figure-metrics.ts'
import { beat } from '../../src/queue/heartbeat.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
beforeAll(async () => {
  server = await createTestRedis()
})
afterAll(() => server.dispose())

const gauges = { lagMs: 10, rssBytes: 1 }
/** Roles that an attacker with write access to Redis could choose. */
const strangers = ['evil', 'intake"} 1\nforged', '', '__proto__']

describe('the labels of metrics', () => {
  it('are names of ours, whatever is written to Redis', async () => {
    const redis = server.client()
    for (const role of ['intake', ...strangers])
      await beat(redis, role, 'one', { draining: false, gauges } as never)
    const broken = async (): Promise<never> => Promise.reject(new Error('not asked'))
    async function* noEnvelopes(): AsyncGenerator<never> {}
    const sources = {
      dataDir: '/nowhere',
      redis,
      clock: { now: () => new Date('2026-11-23T12:00:00Z') },
      stepMinutes: 15,
      longMinutes: 60,
      ledger: {
        isWhole: broken,
        history: () => ({ firstDay: null, lastDay: null, storedBytesByDay: new Map() }),
      },
      store: { freeBytes: broken, list: noEnvelopes },
      queue: { counts: broken },
      freeInodes: broken,
      holdings: { load: async () => null },
      vaultCheck: null,
    }
    const figures = await readFigures(sources as unknown as FigureSources)
    expect(Object.keys(figures.processes)).toEqual(['intake'])
    expect(JSON.stringify(figureSamples(figures))).not.toMatch(/evil|forged|__proto__/)
  })
})
