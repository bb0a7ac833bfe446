import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createForgetter, forgetTimes } from '../../src/queue/forget.ts'
import { connectProducer, connectWorker } from '../../src/queue/redis.ts'
import {
  backoffMs,
  openStoreQueue,
  QUEUE_PREFIX,
  STORE_QUEUE,
  type StoreJob,
  type StoreQueue,
} from '../../src/queue/store-queue.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { eventually } from '../support/eventually.ts'

const clock = { now: () => new Date('2026-11-23T14:05:06.789Z') }
const receipts = (count: number): string[] =>
  Array.from({ length: count }, () => makeEnvelope(0).receipt)

let redis: TestRedis
let producer: Redis
let queue: StoreQueue

beforeEach(async () => {
  redis = await createTestRedis()
  producer = connectProducer(redis.url)
  queue = openStoreQueue(producer, { clock })
  await new Promise((resolve) => producer.once('ready', resolve))
})

afterEach(async () => {
  await queue.close()
  producer.disconnect()
  await redis.dispose()
})

/** Runs a worker until it has done `count` jobs. */
async function work(
  count: number,
  onJob: (receipt: string) => Promise<void> = async () => {},
): Promise<string[]> {
  const done: string[] = []
  const connection = connectWorker(redis.url)
  const worker = new Worker<StoreJob>(STORE_QUEUE, (job) => onJob(job.data.receipt), {
    connection,
    prefix: QUEUE_PREFIX,
    concurrency: 8,
  })
  worker.on('error', () => {})
  await new Promise<void>((resolve) => {
    worker.on('completed', (job) => {
      if (done.push(job.data.receipt) === count) resolve()
    })
  })
  await worker.close()
  connection.disconnect()
  return done
}

describe('enqueue', () => {
  it('queues a receipt once, however often', async () => {
    const [one = ''] = receipts(1)
    await queue.enqueue(one)
    await queue.enqueueAll([one, one])
    queue.announce(one)
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 })
  })

  it('accepts receipts that are all digits, which BullMQ might refuse as ids', async () => {
    const digits = [
      '0'.repeat(64),
      '9'.repeat(64),
      `${'0'.repeat(63)}7`,
      '1234567890'.repeat(7).slice(0, 64),
    ]
    for (const receipt of digits) await queue.enqueue(receipt)
    expect((await work(digits.length)).sort()).toEqual([...digits].sort())
  })

  it('knows which receipts have no job', async () => {
    const [queued = '', other = ''] = receipts(2)
    await queue.enqueue(queued)
    expect(await queue.withoutJob([queued, other])).toEqual([other])
  })

  it('throws UNREACHABLE while Redis is away', async () => {
    await redis.kill()
    await expect(queue.enqueue(receipts(1)[0] ?? '')).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await expect(queue.counts()).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await expect(queue.withoutJob(receipts(1))).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('works again after Redis came back empty', async () => {
    const [one = '', two = ''] = receipts(2)
    await queue.enqueue(one)
    const back = new Promise((resolve) => producer.once('ready', resolve))
    await redis.restartEmpty()
    await back
    await queue.enqueue(two)
    expect(await work(1)).toEqual([two])
  })
})

describe('announce', () => {
  const announceAll = (count: number): void => {
    for (const receipt of receipts(count)) queue.announce(receipt)
  }

  it('queues what was announced', async () => {
    announceAll(50)
    await eventually(async () => expect((await queue.counts()).waiting).toBe(50))
  })

  it('throws nothing while Redis is absent', async () => {
    await redis.kill()
    expect(() => announceAll(100)).not.toThrow()
  })

  it('holds no more than 1024 announcements while Redis is frozen', async () => {
    redis.freeze()
    const add = vi.spyOn(producer, 'sendCommand')
    announceAll(3000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(add.mock.calls.length).toBe(1024)
    redis.thaw()
    await eventually(async () => expect((await queue.counts()).waiting).toBe(1024))
    announceAll(1)
    await eventually(async () => expect((await queue.counts()).waiting).toBe(1025))
  })

  it('leaves no rejection unhandled when Redis is killed meanwhile', async () => {
    const unheard = vi.fn()
    process.on('unhandledRejection', unheard)
    announceAll(500)
    await redis.kill()
    await new Promise((resolve) => setTimeout(resolve, 50))
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
  })
})

describe('what Redis holds', () => {
  const midnight = String(Date.parse('2026-11-23T00:00:00Z'))

  /** All keys of Redis with their contents, as text. */
  async function dump(): Promise<Record<string, string>> {
    const client = redis.client()
    const found: Record<string, string> = {}
    for (const key of await client.keys('*')) {
      const type = await client.type(key)
      const read = {
        hash: () => client.hgetall(key),
        string: () => client.get(key),
        stream: () => client.xinfo('STREAM', key),
      }[type]
      found[key] = JSON.stringify((await read?.()) ?? type)
    }
    return found
  }

  const logFiles = (): Promise<string[]> => readdir(join(redis.dir, 'data', 'appendonlydir'))

  async function filesWith(...receipts: string[]): Promise<string[]> {
    const names = await logFiles()
    const texts = await Promise.all(
      names.map((name) =>
        readFile(join(redis.dir, 'data', 'appendonlydir', name), 'latin1').catch(() => ''),
      ),
    )
    return names.filter((_, index) => receipts.some((receipt) => texts[index]?.includes(receipt)))
  }

  it('gives a waiting job the day, not the time', async () => {
    const [one = ''] = receipts(1)
    await queue.enqueue(one)
    const job = await redis.client().hgetall(`${QUEUE_PREFIX}:${STORE_QUEUE}:${one}`)
    expect(job.timestamp).toBe(midnight)
    expect(
      JSON.stringify(job)
        .match(/\b17\d{11}\b|\b18\d{11}\b/g)
        ?.every((time) => time === midnight),
    ).toBe(true)
  })

  it('keeps no job, no receipt and no event once the jobs are done and forgotten', async () => {
    const all = receipts(300)
    await queue.enqueueAll(all)
    await work(all.length)
    await forgetTimes(producer, { rewriteLog: true })
    const held = await dump()
    expect(Object.keys(held).sort()).toEqual(
      expect.arrayContaining(['{tumen}:store:id', '{tumen}:store:meta']),
    )
    expect(
      Object.keys(held).filter((key) => !/:(id|meta|stalled-check|marker)$/.test(key)),
    ).toEqual([])
    const text = JSON.stringify(held)
    expect(all.filter((receipt) => text.includes(receipt))).toEqual([])
  })

  it('keeps few events even before that, also after Redis came back empty', async () => {
    const back = new Promise((resolve) => producer.once('ready', resolve))
    await redis.restartEmpty()
    await back
    await queue.enqueueAll(receipts(300))
    await work(300)
    expect(await redis.client().xlen('{tumen}:store:events')).toBeLessThan(20)
  })

  it('has no receipt in the append-only file after it was rewritten', async () => {
    const all = receipts(20)
    await queue.enqueueAll(all)
    await work(all.length)
    expect(await filesWith(...all)).not.toEqual([])
    await forgetTimes(producer, { rewriteLog: true })
    await eventually(async () => expect(await filesWith(...all)).toEqual([]))
  })

  it('also has the log rewritten when there was nothing to do, so that its time reveals no tip', async () => {
    await createForgetter(producer).forget()
    await eventually(async () => expect(await logFiles()).toContain('appendonly.aof.2.base.rdb'))
  })

  it('has it rewritten once more at the end, however lately that was done, and waits for it', async () => {
    const [one = ''] = receipts(1)
    const forgetter = createForgetter(producer)
    await forgetter.forget()
    await queue.enqueue(one)
    await work(1)
    await forgetter.forgetAtEnd()
    expect(await logFiles()).toContain('appendonly.aof.3.base.rdb')
    expect(await filesWith(one)).toEqual([])
  })
})

describe('backoffMs', () => {
  it('doubles from one second to one minute', () => {
    expect([1, 2, 3, 6, 7, 100, 1_000_000].map(backoffMs)).toEqual([
      1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000,
    ])
  })
})
