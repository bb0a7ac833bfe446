import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  countOldKeyring,
  countRefusedAcknowledgements,
  countUnknownAcknowledged,
  readCounters,
} from '../../src/queue/counters.ts'
import { beat, readHeartbeats, startHeartbeat } from '../../src/queue/heartbeat.ts'
import { connectProducer } from '../../src/queue/redis.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'
import { eventually } from '../support/eventually.ts'

let redis: TestRedis
beforeEach(async () => {
  redis = await createTestRedis()
})
afterEach(() => redis.dispose())

describe('readHeartbeats', () => {
  it('returns every process, its role, and whether it is draining, misplaced or exposed', async () => {
    const client = redis.client()
    const gauges = { lagMs: 100, rssBytes: 134_217_728 }
    const machine = { isChief: true, chain: { day: '2026-11-22', head: 'ab'.repeat(32) } }
    await beat(client, 'worker', '12', { draining: false, gauges, machine })
    await beat(client, 'intake', 'a:b', { draining: true })
    await beat(client, 'intake', 'astray', { draining: false, misplaced: true })
    await beat(client, 'intake', 'seen', { draining: false, exposed: true })
    await beat(client, 'worker', '13', {
      draining: false,
      machine: { isChief: false, chain: null },
    })
    await client.set('{tumen}:heartbeat:BAD', 'x')
    expect(await readHeartbeats(client)).toEqual([
      { role: 'intake', instance: 'a:b', draining: true, gauges: null, machine: null },
      {
        role: 'intake',
        instance: 'astray',
        draining: false,
        misplaced: true,
        gauges: null,
        machine: null,
      },
      {
        role: 'intake',
        instance: 'seen',
        draining: false,
        exposed: true,
        gauges: null,
        machine: null,
      },
      {
        role: 'worker',
        instance: '12',
        draining: false,
        gauges,
        machine: { isChief: true, chain: { day: '2026-11-22', head: 'ab'.repeat(8) } },
      },
      {
        role: 'worker',
        instance: '13',
        draining: false,
        gauges: null,
        machine: { isChief: false, chain: null },
      },
    ])
  })

  it('forgets a process that is silent for 15 s', async () => {
    const client = redis.client()
    await beat(client, 'worker', '12', { draining: false })
    const ttl = await client.pttl('{tumen}:heartbeat:worker:12')
    expect(ttl).toBeGreaterThan(14_000)
    expect(ttl).toBeLessThanOrEqual(15_000)
  })

  it('is empty without heartbeats', async () => {
    expect(await readHeartbeats(redis.client())).toEqual([])
  })
})

describe('startHeartbeat', () => {
  it('sends as soon as Redis is there, also after it came back empty, and stops', async () => {
    const producer = connectProducer(redis.url)
    let isDraining = false
    const heartbeat = startHeartbeat({
      redis: producer,
      role: 'worker',
      instance: '1',
      isDraining: () => isDraining,
      intervalMs: 20,
    })
    const client = redis.client()
    await eventually(async () => expect(await readHeartbeats(client)).toHaveLength(1))
    await eventually(async () => expect((await readCounters(client)).workerStarts).toBe(1))
    await redis.restartEmpty()
    isDraining = true
    await eventually(async () =>
      expect(await readHeartbeats(client)).toMatchObject([{ draining: true }]),
    )
    // Reconnecting to Redis does not count as another start of the same process.
    expect(await readCounters(client)).toMatchObject({ workerStarts: 0, intakeStarts: 0 })
    heartbeat.stop()
    producer.disconnect()
  })
})

describe('counters', () => {
  it('adds up and reads back', async () => {
    const client = redis.client()
    await countOldKeyring(client)
    await countOldKeyring(client)
    await countUnknownAcknowledged(client, 3)
    await countRefusedAcknowledgements(client, 0)
    expect(await readCounters(client)).toMatchObject({
      oldKeyring: 2,
      unknownAcknowledged: 3,
      refusedAcknowledgements: 0,
    })
  })

  it('reads an invalid count as 0, and never fails the caller', async () => {
    const client = redis.client()
    await client.set('{tumen}:count:old-keyring', 'many')
    expect((await readCounters(client)).oldKeyring).toBe(0)
    await countOldKeyring(client)
    await redis.kill()
    await countOldKeyring(client)
  })
})
