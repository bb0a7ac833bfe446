import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { checkHealth, shareLooks } from '../../src/ops/health.ts'
import type { HealthSources } from '../../src/ops/health.ts'
import type { Figures } from '../../src/ops/figures.ts'
import { createLedgerCheck } from '../../src/ops/ledger-check.ts'
import { readFigures } from '../../src/ops/figures.ts'
import { createSpoolAge } from '../../src/ops/spool-age.ts'
import { beat } from '../../src/queue/heartbeat.ts'
import { connectProducer } from '../../src/queue/redis.ts'
import { noteCrowded } from '../../src/queue/pressure.ts'
import { openStoreQueue } from '../../src/queue/store-queue.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { createTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

let server: TestRedis
let redis: Redis
let folder = ''
let sources: HealthSources
let now = new Date('2026-11-23T12:00:00Z')
let figures: Figures | null = null

const none = { envelopes: 0, bytes: 0 }
const quiet: Figures = {
  queue: null, spool: none, spoolOldestMinutes: 0, vault: none, collected: none, quarantine: none, freeBytes: 1, sealedToOldKeyring: 0, isCrowded: false,
}

beforeAll(async () => {
  server = await createTestRedis()
  redis = connectProducer(server.url)
  await once(redis, 'ready')
  folder = await mkdtemp(join(tmpdir(), 'tumen-health-'))
  const clock = { now: () => now }
  const [keysDir, dataDir] = [join(folder, 'keys'), join(folder, 'var')]
  await createDemoCeremony({ keysDir, dataDir, day: '2026-11-23', primitives: await loadSodiumPrimitives() })
  const store = await openFsStore({ dir: dataDir, instance: 'health-test', reserveBytes: 0, clock })
  const ledger = createLedgerCheck(join(dataDir, 'ledger.jsonl'))
  sources = { redis, store, ledger, keysDir, clock, figures: () => figures, stepMinutes: 15 }
})

beforeEach(async () => {
  now = new Date('2026-11-23T12:00:00Z')
  figures = quiet
  await redis.flushall()
  await beat(redis, 'intake', 'a', { draining: false })
  await beat(redis, 'worker', 'a', { draining: false })
})

afterAll(async () => {
  redis.disconnect()
  await server.dispose()
  await rm(folder, { recursive: true })
})

async function codes(changed: Partial<HealthSources> = {}): Promise<string[]> {
  const { isReady, problems } = await checkHealth({ ...sources, ...changed })
  expect(isReady).toBe(problems.every((problem) => problem.severity === 'warning'))
  return problems.map((problem) => problem.code)
}

describe('checkHealth', () => {
  it('finds nothing when all is well', async () => {
    expect(await checkHealth(sources)).toEqual({
      isReady: true, problems: [], isRedisUp: true, processes: { intake: 1, worker: 1 }, keyringDaysLeft: 365,
    })
  })

  describe('when a process is missing', () => {
    it('names it, also when it is only draining', async () => {
      await redis.flushall()
      expect(await codes()).toEqual(['INTAKE_MISSING', 'WORKER_MISSING'])
      await beat(redis, 'intake', 'a', { draining: true })
      await beat(redis, 'worker', 'a', { draining: false })
      expect(await codes()).toEqual(['INTAKE_MISSING'])
      await beat(redis, 'intake', 'b', { draining: false })
      expect(await codes()).toEqual([])
    })
  })

  describe('when Redis is frozen', () => {
    it('says so within its time-out, and nothing about processes', async () => {
      server.freeze()
      try {
        const startedMs = performance.now()
        expect(await codes()).toEqual(['REDIS_UNREACHABLE'])
        expect(performance.now() - startedMs).toBeLessThan(4000)
      } finally {
        server.thaw()
      }
    })
  })

  describe('when the keyring', () => {
    it.each([
      ['is on its last day but 14', '2027-11-09', [], 14],
      ['is on its last day but 13', '2027-11-10', ['KEYRING_EXPIRES_SOON'], 13],
      ['is on its last day', '2027-11-23', ['KEYRING_EXPIRES_SOON'], 0],
      ['is past its last day', '2027-11-24', ['KEYRING_EXPIRED'], null],
    ])('%s', async (_name, day, expected, daysLeft) => {
      now = new Date(`${day}T12:00:00Z`)
      expect(await codes()).toEqual(expected)
      expect((await checkHealth(sources)).keyringDaysLeft).toBe(daysLeft)
    })

    it('is not there', async () => {
      expect(await codes({ keysDir: join(folder, 'nothing') })).toEqual(['KEYRING_INVALID'])
    })
  })

  describe('when the disk is full', () => {
    it.each([[131071, ['DISK_FULL']], [131072, []]])('with %d free bytes gives %j', async (bytes, expected) => {
      expect(await codes({ store: { ...sources.store, freeBytes: async () => bytes } })).toEqual(expected)
    })

    it('is unreadable when the store throws', async () => {
      const store = { ...sources.store, freeBytes: () => Promise.reject(new Error('gone')) }
      expect(await codes({ store })).toEqual(['STORE_UNREADABLE'])
    })
  })

  it('reports a broken ledger', async () => {
    const path = join(folder, 'broken.jsonl')
    await writeFile(path, '{"seq":2}\n')
    expect(await codes({ ledger: createLedgerCheck(path) })).toEqual(['LEDGER_BROKEN'])
  })

  describe('when there are only warnings', () => {
    it('stays ready', async () => {
      figures = { ...quiet, quarantine: { envelopes: 10, bytes: 10 }, spoolOldestMinutes: 60 }
      expect(await codes()).toEqual(['QUARANTINE_NOT_EMPTY', 'SPOOL_NOT_DRAINED'])
      figures = { ...quiet, spoolOldestMinutes: 59 }
      expect(await codes()).toEqual([])
    })
  })
})

describe('readFigures', () => {
  it('rounds everything and leaves out what it cannot read', async () => {
    const staged = await sources.store.stage()
    await staged.write(new Uint8Array(1234))
    await staged.commit('incoming', 'a'.repeat(64))
    const queue = openStoreQueue(redis)
    await queue.enqueue('a'.repeat(64))
    await noteCrowded(redis)
    const { store } = sources
    const common = { store, redis, queue, spoolAge: createSpoolAge(), stepMinutes: 15 }
    expect(await readFigures(common)).toMatchObject({
      queue: { waiting: 10, active: 0, delayed: 0, failed: 0 },
      spool: { envelopes: 10, bytes: 10_000 }, spoolOldestMinutes: 0,
      vault: none, quarantine: none, sealedToOldKeyring: 0, isCrowded: true,
    })
    await queue.close()
    const second = await readFigures({ ...common, queue: { counts: () => Promise.reject(new Error('down')) } })
    expect(second).toMatchObject({ queue: null, spoolOldestMinutes: 15 })
    expect(JSON.stringify(second)).not.toContain('aaaa')
  })
})

describe('shareLooks', () => {
  it('looks once for all who ask at the same time', async () => {
    let looks = 0
    const look = shareLooks(async () => (looks += 1), 60_000)
    expect(await Promise.all([look(), look(), look()])).toEqual([1, 1, 1])
  })
})
