import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { checkHealth, shareLooks } from '../../src/ops/health.ts'
import type { HealthSources, Several } from '../../src/ops/health.ts'
import type { Figures } from '../../src/ops/figures.ts'
import { isDraining, startDraining, stopDraining } from '../../src/store/drain-marker.ts'
import { createLedgerCheck } from '../../src/ledger/follow.ts'
import { type FigureSources, readFigures } from '../../src/ops/figures.ts'
import { createStandstill } from '../../src/ops/standstill.ts'
import { createClockWatch } from '../../src/ops/clock-watch.ts'
import { quiet, well } from './quiet.ts'
import { createQueueWatch } from '../../src/ops/queue-watch.ts'
import { createSpoolAge } from '../../src/ops/spool-age.ts'
import { createPresence } from '../../src/ops/presence.ts'
import { beat, readHeartbeats } from '../../src/queue/heartbeat.ts'
import { connectObserver } from '../../src/queue/redis.ts'
import { noteCrowded } from '../../src/queue/pressure.ts'
import { openStoreQueue } from '../../src/queue/store-queue.ts'
import { StoreError } from '../../src/store/errors.ts'
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

beforeAll(async () => {
  server = await createTestRedis()
  redis = connectObserver(server.url)
  await once(redis, 'ready')
  folder = await mkdtemp(join(tmpdir(), 'tumen-health-'))
  const clock = { now: () => now }
  const [keysDir, dataDir] = [join(folder, 'keys'), join(folder, 'var')]
  await createDemoCeremony({
    keysDir,
    dataDir,
    day: '2026-11-23',
    primitives: await loadSodiumPrimitives(),
  })
  const store = await openFsStore({ dir: dataDir, instance: 'health-test', reserveBytes: 0, clock })
  const clockWatch = createClockWatch({ wallMs: () => 0, monotonicMs: () => 0 })
  sources = {
    redis,
    store,
    keysDir,
    isPublic: false,
    clock,
    clockWatch,
    isDraining: () => isDraining(dataDir),
    figures: () => figures,
    stepMinutes: 15,
    longMinutes: 60,
  }
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
      ...well,
      processes: { intake: 1, worker: 1 },
      keyringDaysLeft: 365,
    })
  })

  describe('when a process is missing', () => {
    it('names it, and distinguishes one that is only draining', async () => {
      await redis.flushall()
      expect(await codes()).toEqual(['INTAKE_MISSING', 'WORKER_MISSING'])
      await beat(redis, 'intake', 'a', { draining: true })
      await beat(redis, 'worker', 'a', { draining: true })
      expect(await codes()).toEqual(['INTAKE_DRAINING', 'WORKER_DRAINING'])
      await beat(redis, 'worker', 'a', { draining: false })
      expect(await codes()).toEqual(['INTAKE_DRAINING'])
      await beat(redis, 'intake', 'b', { draining: false })
      expect(await codes()).toEqual([])
    })
  })

  describe('when organisation.json', () => {
    it.each([
      ['is missing', 'ORGANISATION_MISSING', (path: string) => rm(path)],
      ['is changed', 'ORGANISATION_INVALID', (path: string) => appendFile(path, ' ')],
      ['is not signed', 'ORGANISATION_INVALID', (path: string) => rm(`${path}.minisig`)],
    ])('%s', async (_name, code, change) => {
      const keysDir = await mkdtemp(join(tmpdir(), 'tumen-organisation-'))
      onTestFinished(() => rm(keysDir, { recursive: true, force: true }))
      await cp(sources.keysDir, keysDir, { recursive: true })
      await change(join(keysDir, 'organisation.json'))
      expect(await codes({ keysDir })).toEqual([code])
    })
  })

  describe('when Redis is frozen', () => {
    it('says so, and nothing about processes', async () => {
      server.freeze()
      try {
        expect(await codes()).toEqual(['REDIS_UNREACHABLE'])
      } finally {
        server.thaw()
      }
    })
  })

  describe('when the keyring', () => {
    it.each([
      ['is on its last day but 30', '2027-10-24', [], 30],
      ['is on its last day but 29', '2027-10-25', ['KEYRING_EXPIRES_SOON'], 29],
      ['is on its last day but 14', '2027-11-09', ['KEYRING_EXPIRES_SOON'], 14],
      ['is on its last day but 13', '2027-11-10', ['KEYRING_SHOULD_HAVE_ROTATED'], 13],
      ['is on its last day', '2027-11-23', ['KEYRING_SHOULD_HAVE_ROTATED'], 0],
      ['is past its last day', '2027-11-24', ['KEYRING_EXPIRED'], null],
    ])('%s', async (_name, day, expected, daysLeft) => {
      now = new Date(`${day}T12:00:00Z`)
      expect(await codes()).toEqual(expected)
      expect((await checkHealth(sources)).keyringDaysLeft).toBe(daysLeft)
    })

    it('is the demo one, which is an error where strangers can reach the page', async () => {
      expect(await codes({ isPublic: true })).toEqual(['KEYRING_DEMO'])
    })

    it('is the demo one, and the intake was asked under a foreign name', async () => {
      await beat(redis, 'intake', 'one', { draining: false, exposed: true })
      expect(await codes()).toEqual(['KEYRING_DEMO'])
    })

    it('is not there', async () => {
      expect(await codes({ keysDir: join(folder, 'nothing') })).toEqual(['KEYRING_INVALID'])
    })
  })

  describe('when the disk is full', () => {
    it.each([
      [131071, ['DISK_FULL']],
      [131072, []],
    ])('with %d free bytes gives %j', async (bytes, expected) => {
      expect(await codes({ store: { ...sources.store, freeBytes: async () => bytes } })).toEqual(
        expected,
      )
    })

    it('is unreadable when the store throws', async () => {
      const store = { ...sources.store, freeBytes: () => Promise.reject(new Error('gone')) }
      expect(await codes({ store })).toEqual(['STORE_UNREADABLE'])
    })

    it('is replaced when the store is no longer the folder that was opened', async () => {
      const gone = new StoreError('REPLACED', 'gone')
      const store = { ...sources.store, freeBytes: () => Promise.reject(gone) }
      expect(await codes({ store })).toEqual(['DATA_DIR_REPLACED'])
    })

    it('is replaced when a process says that it is no longer the one it opened', async () => {
      await beat(redis, 'worker', 'astray', { draining: false, misplaced: true })
      expect(await codes()).toEqual(['DATA_DIR_REPLACED'])
      await redis.del('{tumen}:heartbeat:worker:astray')
      expect(await codes()).toEqual([])
    })

    it.each(['spool', 'vault', 'collected', 'quarantine', 'isLedgerWhole'] as const)(
      'is unreadable when there was no figure of it at the last step: %s',
      async (figure) => {
        figures = { ...quiet, [figure]: null }
        expect(await codes()).toEqual(['STORE_UNREADABLE'])
      },
    )
  })

  it('reports that it was drained, until that is over', async () => {
    const place = { dir: join(folder, 'var'), clock: sources.clock }
    await startDraining(place)
    expect(await codes()).toEqual(['DRAINING'])
    await stopDraining(place)
    expect(await codes()).toEqual([])
  })

  it('reports a note to staff that was not taken', async () => {
    expect(await codes({ hasNotifyFailed: () => true })).toEqual(['NOTIFY_FAILED'])
    expect(await codes({ hasNotifyFailed: () => false })).toEqual([])
  })

  describe('when what is published at the last boundary', () => {
    it.each<[string, Partial<Figures>, string[]]>([
      ['has a broken ledger', { isLedgerWhole: false }, ['LEDGER_BROKEN']],
      [
        'misses envelopes',
        { vaultDifferences: { missing: 10, unknown: 0 } },
        ['ENVELOPES_MISSING'],
      ],
      [
        'has envelopes that the ledger does not know',
        { vaultDifferences: { missing: 0, unknown: 10 } },
        ['ENVELOPES_UNKNOWN'],
      ],
      ['has not compared the vault', { vaultDifferences: null }, []],
      ['has dead letters', { quarantine: { envelopes: 10, bytes: 10 } }, ['QUARANTINE_NOT_EMPTY']],
      ['has waited in the spool', { spoolOldestMinutes: 60 }, ['SPOOL_NOT_DRAINED']],
      ['has waited less', { spoolOldestMinutes: 59 }, []],
      ['has a disk nearly full', { usedRatio: 0.95 }, ['DISK_NEARLY_FULL']],
      ['has a disk less full', { usedRatio: 0.9 }, []],
      ['has a stuck upload', { uploads: { unfinished: 10, stuck: 10 } }, ['UPLOAD_STUCK']],
      ['has an index that ages', { replies: { indexAgeDays: 19, keys: 'confirmed' } }, []],
      [
        'has an old index',
        { replies: { indexAgeDays: 20, keys: 'confirmed' } },
        ['REPLIES_INDEX_OLD'],
      ],
      ['has no index yet', { replies: { indexAgeDays: null, keys: 'unknown' } }, []],
      [
        'has a keyring that the desk does not know',
        { replies: { indexAgeDays: 1, keys: 'not_confirmed_yet' } },
        ['KEYRING_NOT_CONFIRMED'],
      ],
      [
        'has a keyring that the desk has replaced',
        { replies: { indexAgeDays: 1, keys: 'replayed' } },
        ['KEYRING_REPLAYED'],
      ],
      [
        'has an overdue export',
        { overdue: { export: true, acknowledgement: true } },
        ['EXPORT_OVERDUE', 'ACKNOWLEDGEMENT_OVERDUE'],
      ],
      [
        'has much in Redis',
        { redis: { memoryRatio: 0.9, latencySeconds: 1, isAppendLogRewritten: false } },
        ['REDIS_MEMORY_HIGH', 'REDIS_AOF_REWRITE_FAILED'],
      ],
      [
        'is nothing',
        {
          redis: null,
          overdue: null,
          uploads: null,
          spoolOldestMinutes: null,
          usedRatio: null,
        },
        [],
      ],
    ])('%s', async (_name, changed, expected) => {
      figures = { ...quiet, ...changed }
      expect(await codes()).toEqual(expected)
    })
  })

  describe('when the clock', () => {
    it.each([
      ['forwards', 31_000],
      ['backwards', -31_000],
    ])('jumps %s, says so for an hour', async (_way, jumpMs) => {
      let [wallMs, monotonicMs] = [0, 0]
      const watch = createClockWatch({ wallMs: () => wallMs, monotonicMs: () => monotonicMs })
      const pass = (ms: number): void =>
        void ([wallMs, monotonicMs] = [wallMs + ms, monotonicMs + ms])
      pass(3_600_000)
      expect(await codes({ clockWatch: watch })).toEqual([])
      wallMs += jumpMs
      expect(await codes({ clockWatch: watch })).toEqual(['CLOCK_MOVED'])
      pass(3_599_999)
      expect(await codes({ clockWatch: watch })).toEqual(['CLOCK_MOVED'])
      pass(1)
      expect(await codes({ clockWatch: watch })).toEqual([])
    })

    it('is corrected in small steps, by five minutes in all, says nothing', async () => {
      let wallMs = 0
      const watch = createClockWatch({ wallMs: () => wallMs, monotonicMs: () => 0 })
      for (let times = 0; times < 10; times += 1) {
        wallMs += 30_000
        expect(watch.hasMoved()).toBe(false)
      }
    })

    it.each([
      ['two minutes a day', 120_000],
      ['ten minutes a day', 600_000],
      ['two hours a day', 7_200_000],
      ['as much backwards', -7_200_000],
      ['at twice the speed', 86_400_000],
    ])('runs away by %s, says so while it does and for a week', async (_, driftMsPerDay) => {
      const dayMs = 86_400_000
      let [wallMs, monotonicMs] = [0, 0]
      const watch = createClockWatch({ wallMs: () => wallMs, monotonicMs: () => monotonicMs })
      const pass = (minutes: number, drift: number): boolean => {
        let isTold = true
        for (let minute = 0; minute < minutes; minute += 1) {
          monotonicMs += 60_000
          wallMs += 60_000 + (drift * 60_000) / dayMs
          isTold = watch.hasMoved() && isTold
        }
        return isTold
      }
      // Slow drift is only noticed after days.
      pass(6 * 1440, driftMsPerDay)
      expect(pass(20 * 1440, driftMsPerDay)).toBe(true)
      expect(await codes({ clockWatch: watch })).toEqual(['CLOCK_MOVED'])
      pass(7 * 1440, 0)
      expect(watch.hasMoved()).toBe(false)
    })

    it.each([10_000, -10_000])(
      'drifts as a cheap quartz does (%i ms a day), says nothing',
      (ms) => {
        let [wallMs, monotonicMs] = [0, 0]
        const watch = createClockWatch({ wallMs: () => wallMs, monotonicMs: () => monotonicMs })
        for (let hour = 0; hour < 24 * 400; hour += 1) {
          monotonicMs += 3_600_000
          wallMs += 3_600_000 + ms / 24
          expect(watch.hasMoved()).toBe(false)
        }
      },
    )
  })

  describe('when the canary', () => {
    it.each([
      ['ok', []],
      ['off', []],
      ['late', ['CANARY_LATE']],
      ['failed', ['CANARY_BLOCKED']],
    ] as const)('is %s', async (state, expected) => {
      const status = { state, undelivered: 0, latencyBand: null }
      expect(await codes({ canary: () => status })).toEqual(expected)
      expect((await checkHealth({ ...sources, canary: () => status })).canary).toEqual(status)
    })
  })

  describe('when the onion', () => {
    it.each([
      ['unknown', []],
      ['reachable', []],
      ['unreachable', ['ONION_UNREACHABLE']],
      ['tor down', ['TOR_DOWN']],
    ] as const)('is %s', async (state, expected) => {
      expect(await codes({ onion: () => ({ state, restarts: 0 }) })).toEqual(expected)
    })
  })

  describe('when Redis', () => {
    it.each([
      [
        'evicts',
        { 'maxmemory-policy': 'allkeys-lru' },
        { 'maxmemory-policy': 'noeviction' },
        'REDIS_POLICY_WRONG',
      ],
      ['has no append-only file', { appendonly: 'no' }, { appendonly: 'yes' }, 'REDIS_AOF_OFF'],
      ['has reached maxmemory', { maxmemory: '1' }, { maxmemory: '0' }, 'REDIS_MEMORY_FULL'],
      [
        'misses its replicas',
        { 'min-replicas-to-write': '1' },
        { 'min-replicas-to-write': '0' },
        'REDIS_READ_ONLY',
      ],
    ])('%s', async (_when, broken, whole, code) => {
      const client = server.client()
      const configure = async (settings: Record<string, string>) => {
        for (const [name, value] of Object.entries(settings))
          await client.config('SET', name, value)
      }
      await configure(broken)
      try {
        expect(await codes()).toEqual([code])
      } finally {
        await configure(whole)
      }
      expect(await codes()).toEqual([])
    })

    it('is a replica, does not say that the processes are missing', async () => {
      const client = server.client()
      await client.replicaof('127.0.0.1', '1')
      try {
        const health = await checkHealth(sources)
        expect(health.problems.map(({ code }) => code)).toEqual(['REDIS_READ_ONLY'])
        expect(health.processes).toBeNull()
      } finally {
        await client.replicaof('NO', 'ONE')
      }
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
    await noteCrowded(server.client())
    const { store, clock } = sources
    const common: FigureSources = {
      dataDir: join(folder, 'var'),
      keysDir: join(folder, 'keys'),
      store,
      redis,
      queue,
      clock,
      stepMinutes: 15,
      longMinutes: 60,
      ledger: createLedgerCheck(join(folder, 'none.jsonl')),
      spoolAge: createSpoolAge(),
      queueAge: createSpoolAge(),
      queueWatch: createQueueWatch(),
      holdings: { load: async () => null },
      vaultCheck: null,
      freeInodes: async () => 4_321_000,
      orphans: createStandstill(),
      uploads: createStandstill(),
    }
    expect(await readFigures(common)).toMatchObject({
      since: new Date('2026-11-23T12:00:00Z'),
      queue: { waiting: 10, active: 0, delayed: 0, failed: 0 },
      queueOldestMinutes: 0,
      freeInodes: 4_000_000,
      spool: { envelopes: 10, bytes: 10_000 },
      spoolOldestMinutes: 0,
      spoolOrphans: 0,
      vault: none,
      quarantine: none,
      sealedToOldKeyring: 0,
      isCrowded: true,
      isLedgerWhole: true,
      uploads: { unfinished: 0, stuck: 0 },
      redis: { latencySeconds: expect.any(Number), memoryRatio: null, isAppendLogRewritten: true },
      overdue: { export: false, acknowledgement: false },
      lastExport: null,
    })
    await redis.del('{tumen}:store:wait', `{tumen}:store:${'a'.repeat(64)}`)
    expect(await readFigures(common)).toMatchObject({ queueOldestMinutes: 0, spoolOrphans: 0 })
    expect(await readFigures(common)).toMatchObject({ spoolOrphans: 10 })
    await queue.close()
    const down = () => Promise.reject(new Error('down'))
    const third = await readFigures({
      ...common,
      queue: { counts: down, waiting: down, withoutJob: down },
    })
    expect(third).toMatchObject({ queue: null, spoolOldestMinutes: 30, spoolOrphans: null })
    expect(JSON.stringify(third)).not.toContain('aaaa')
  })
})

describe('shareLooks', () => {
  it('looks once for all who ask at the same time', async () => {
    let looks = 0
    const look = shareLooks(async () => (looks += 1), 60_000)
    expect(await Promise.all([look(), look(), look()])).toEqual([1, 1, 1])
  })
})

describe('checkHealth', () => {
  describe('when two processes of a role run side by side', () => {
    it.each([
      ['worker', 'SEVERAL_WORKERS'],
      ['intake', 'SEVERAL_INTAKES'],
    ])('says so for the %s', async (role, code) => {
      await beat(redis, role, 'b', { draining: false })
      let nowMs = 0
      const presence = createPresence({
        read: () => readHeartbeats(redis),
        monotonicMs: () => nowMs,
      })
      expect(await codes({ presence })).toEqual([])
      for (nowMs = 5000; nowMs <= 25_000; nowMs += 5000) await presence.heartbeats()
      expect(await codes({ presence })).toEqual([code])
    })
  })

  describe('when several machines share a store', () => {
    const calm: Several = {
      store: { isUp: true, isFull: false, suspects: 0 },
      machines: { chiefs: [], chains: [], trouble: null, missing: 0 },
      failover: null,
    }

    it('treats several processes of a role as normal', async () => {
      for (const role of ['intake', 'worker']) await beat(redis, role, 'b', { draining: false })
      let nowMs = 0
      const presence = createPresence({
        read: () => readHeartbeats(redis),
        monotonicMs: () => nowMs,
      })
      for (nowMs = 5000; nowMs <= 25_000; nowMs += 5000) await presence.heartbeats()
      expect(await codes({ presence, several: () => calm })).toEqual([])
    })

    const store = (isUp: boolean, isFull: boolean, suspects: number) => ({
      store: { isUp, isFull, suspects },
    })
    const machines = (change: Partial<Several['machines']>) => ({
      machines: { ...calm.machines, ...change },
    })
    const failover = (isReady: boolean) => ({
      failover: { kind: 'cluster', replicas: 0, sentinels: null, isReady } as const,
    })

    it.each<[string, Partial<Several>, string[]]>([
      ['a store that is down', store(false, false, 0), ['STORE_DOWN']],
      ['a store that is full', store(true, true, 0), ['STORE_FULL']],
      ['a store that was full and is down', store(false, true, 0), ['STORE_DOWN']],
      ['objects with wrong bytes', store(true, false, 1), ['SUSPECT_OBJECTS']],
      ['both', store(false, false, 3), ['STORE_DOWN', 'SUSPECT_OBJECTS']],
      ['a Redis without a successor', failover(false), ['REDIS_NO_FAILOVER']],
      ['a Redis with a successor', failover(true), []],
      ['a machine that is gone', machines({ missing: 2 }), ['MACHINE_MISSING']],
      ['nobody who tends the store', machines({ trouble: 'nobody' }), ['CHORES_NOBODY']],
      ['two who tend the store', machines({ trouble: 'several' }), ['CHORES_TWICE']],
    ])('names %s', async (_what, change, expected) => {
      expect(await codes({ several: () => ({ ...calm, ...change }) })).toEqual(expected)
    })
  })

  describe('when jobs wait and none is taken', () => {
    it('says so only while a worker runs', async () => {
      figures = { ...quiet, isQueueStuck: true }
      expect(await codes()).toEqual(['JOBS_NOT_TAKEN'])
      await redis.del('{tumen}:heartbeat:worker:a')
      expect(await codes()).toEqual(['WORKER_MISSING'])
    })
  })

  describe('when the last day of the ledger is still to come', () => {
    it('names the clock', async () => {
      figures = { ...quiet, isClockBehind: true }
      expect(await codes()).toEqual(['CLOCK_BEHIND'])
    })
  })

  describe('when the keyring begins tomorrow', () => {
    it('says that it is not in force yet, and not that it was changed', async () => {
      now = new Date('2026-11-22T12:00:00Z')
      expect(await codes()).toEqual(['KEYRING_NOT_YET'])
    })
  })
})
