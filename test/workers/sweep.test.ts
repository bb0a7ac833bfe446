import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectProducer, connectWorker } from '../../src/queue/redis.ts'
import { openStoreQueue, type StoreQueue } from '../../src/queue/store-queue.ts'
import { StoreError } from '../../src/store/errors.ts'
import { startConsumer } from '../../workers/consumer.ts'
import { startRounds } from '../../workers/rounds.ts'
import { createSweep, type SweepOptions } from '../../workers/sweep.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'
import { listReceipts, makeEnvelope, putBlob } from './envelopes.ts'
import { openWorkplace, type Workplace } from './workplace.ts'
import { eventually } from '../support/eventually.ts'

let place: Workplace
let redis: TestRedis
let producer: Redis
let queue: StoreQueue

beforeEach(async () => {
  place = await openWorkplace()
  redis = await createTestRedis()
  producer = connectProducer(redis.url)
  queue = openStoreQueue(producer, { clock: place.clock })
  await new Promise((resolve) => producer.once('ready', resolve))
})

afterEach(async () => {
  await queue.close()
  producer.disconnect()
  await redis.dispose()
  await place.dispose()
})

async function fillSpool(count: number): Promise<string[]> {
  const envelopes = Array.from({ length: count }, () => makeEnvelope(0))
  await Promise.all(envelopes.map((envelope) => putBlob(place.store, 'incoming', envelope)))
  return envelopes.map(({ receipt }) => receipt).sort()
}

const createTestSweep = (options: Partial<SweepOptions> = {}) =>
  createSweep({ store: place.store, queue, handler: place.handler, ...options })
const sweep = (options: Partial<SweepOptions> = {}) => createTestSweep(options)()

describe('createSweep', () => {
  it('queues what has no job, and only that', async () => {
    const receipts = await fillSpool(5)
    await queue.enqueue(receipts[0] ?? '')
    expect(await sweep()).toEqual({ seen: 5, queued: 4, stored: 0, isRedisAway: false })
    expect(await sweep()).toEqual({ seen: 5, queued: 0, stored: 0, isRedisAway: false })
    expect((await queue.counts()).waiting).toBe(5)
  })

  it.each([
    [299, 299],
    [300, 300],
    [301, 300],
  ])('with room for %i it queues %i of 300', async (maxQueued, queued) => {
    await fillSpool(300)
    expect(await sweep({ maxQueued })).toMatchObject({ queued })
    expect((await queue.counts()).waiting).toBe(queued)
  })

  it('queues everything again after Redis came back empty', async () => {
    await fillSpool(10)
    await sweep()
    const back = new Promise((resolve) => producer.once('ready', resolve))
    await redis.restartEmpty()
    await back
    expect(await sweep()).toMatchObject({ queued: 10 })
  })

  it.each(['killed', 'frozen'])('stores by itself while Redis is %s', async (how) => {
    const receipts = await fillSpool(5)
    if (how === 'killed') await redis.kill()
    else redis.freeze()
    expect(await sweep()).toEqual({ seen: 5, queued: 0, stored: 5, isRedisAway: true })
    expect(await listReceipts(place.store, 'sealed')).toEqual(receipts)
    expect(await place.lines()).toHaveLength(5)
  })

  it('continues after an envelope that cannot be stored now, and throws at the end', async () => {
    const receipts = await fillSpool(5)
    await redis.kill()
    const store = place.handler.store
    const handler = {
      ...place.handler,
      store: (receipt: string) =>
        receipt === receipts[0]
          ? Promise.reject(new StoreError('IO_FAILED', 'sick'))
          : store(receipt),
    }
    await expect(sweep({ handler })).rejects.toMatchObject({ code: 'IO_FAILED' })
    expect(await listReceipts(place.store, 'sealed')).toEqual(receipts.slice(1))
  })

  it.each([
    [2, 0],
    [3, 0],
    [4, 1],
  ])(
    'with patience for 3, after %i sweeps it stores %i whose job never ends',
    async (sweeps, stored) => {
      const [receipt = ''] = await fillSpool(1)
      const patient = createTestSweep({ patience: 3 })
      for (let time = 0; time < sweeps; time += 1) await patient()
      expect(await listReceipts(place.store, 'sealed')).toEqual(stored === 0 ? [] : [receipt])
    },
  )

  it('stops when it is told to', async () => {
    await fillSpool(5)
    expect(await sweep({ isStopping: () => true })).toEqual({
      seen: 0,
      queued: 0,
      stored: 0,
      isRedisAway: false,
    })
  })
})

describe('startConsumer', () => {
  const consume = (onFailed: (reason: string) => void = () => {}) => {
    const connection = connectWorker(redis.url)
    const worker = startConsumer({
      connection,
      handler: place.handler,
      onFailed,
      onStalled: () => {},
    })
    return {
      async close() {
        await worker.close()
        connection.disconnect()
      },
    }
  }

  it('stores what the sweep has queued and leaves no job', async () => {
    const receipts = await fillSpool(50)
    await sweep()
    const consumer = consume()
    await eventually(async () =>
      expect(await listReceipts(place.store, 'sealed')).toEqual(receipts),
    )
    await eventually(async () =>
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 }),
    )
    await consumer.close()
  })

  it('ignores jobs that name no receipt, whoever wrote them', async () => {
    for (const name of ['../../etc/passwd', 'A'.repeat(64), ''])
      await queue.enqueue(name).catch(() => {})
    const [receipt = ''] = await fillSpool(1)
    await queue.enqueue(receipt)
    const consumer = consume()
    await eventually(async () =>
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 }),
    )
    expect(await listReceipts(place.store, 'sealed')).toEqual([receipt])
    await consumer.close()
  })

  it('tries again after the disk has failed, and gives Redis only the code', async () => {
    const [receipt = ''] = await fillSpool(1)
    const store = vi
      .spyOn(place.handler, 'store')
      .mockRejectedValueOnce(Object.assign(new Error('/secret/path'), { code: 'NO_SPACE' }))
    const reasons: string[] = []
    await queue.enqueue(receipt)
    const consumer = consume((reason) => reasons.push(reason))
    await eventually(() => expect(reasons).toEqual(['NO_SPACE']))
    expect(JSON.stringify(await redis.client().hgetall(`{tumen}:store:${receipt}`))).not.toContain(
      '/secret/path',
    )
    expect((await queue.counts()).delayed).toBe(1)
    await eventually(async () =>
      expect(await listReceipts(place.store, 'sealed')).toEqual([receipt]),
    )
    expect(store).toHaveBeenCalledTimes(2)
    await consumer.close()
  })

  it('treats a job that was abandoned three times as a suspect', async () => {
    const [calm = '', suspect = ''] = await fillSpool(2)
    const store = vi.spyOn(place.handler, 'store')
    await queue.enqueueAll([calm, suspect])
    await redis.client().hset(`{tumen}:store:${calm}`, 'stc', '2')
    await redis.client().hset(`{tumen}:store:${suspect}`, 'stc', '3')
    const consumer = consume()
    await eventually(() => expect(store).toHaveBeenCalledTimes(2))
    expect(store).toHaveBeenCalledWith(calm, { isSuspect: false })
    expect(store).toHaveBeenCalledWith(suspect, { isSuspect: true })
    await consumer.close()
  })
})

describe('startRounds', () => {
  it('runs immediately, never twice at the same time, and continues after an error', async () => {
    let running = 0
    let most = 0
    let times = 0
    const errors: unknown[] = []
    const rounds = startRounds({
      intervalMs: 1,
      async work() {
        running += 1
        most = Math.max(most, running)
        times += 1
        await new Promise((resolve) => setTimeout(resolve, 5))
        running -= 1
        if (times === 1) throw new Error('first')
      },
      onError: (error) => errors.push(error),
    })
    expect(times).toBe(1)
    await eventually(() => expect(times).toBeGreaterThan(3))
    await rounds.stop()
    expect({ most, running, errors: errors.length }).toEqual({ most: 1, running: 0, errors: 1 })
  })
})
