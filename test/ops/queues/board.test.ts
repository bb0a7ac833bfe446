import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOpsApp } from '../../../src/ops/app.ts'
import { roundUp } from '../../../src/ops/coarsen.ts'
import { createHistory } from '../../../src/ops/dashboard/history.ts'
import { publishJobs } from '../../../src/ops/queues/published.ts'
import { connectProducer, connectWorker } from '../../../src/queue/redis.ts'
import { QUEUE_PREFIX, STORE_QUEUE, openStoreQueue } from '../../../src/queue/store-queue.ts'
import type { QueueCounts, StoreQueue } from '../../../src/queue/store-queue.ts'
import type { FailedJob } from '../../../src/queue/failed-jobs.ts'
import { createTestRedis } from '../../support/redis.ts'
import type { TestRedis } from '../../support/redis.ts'
import { until } from '../../supervise/start.ts'
import { quiet, well } from '../quiet.ts'

/** Tests what the board reveals about real jobs in every state. */

let testRedis: TestRedis
let producer: Redis
let queue: StoreQueue
let worker: Worker
let server: Server
let port = 0
let counts: QueueCounts
let failedJobs: FailedJob[]

const receiptOf = (name: string) => Buffer.from(name.padEnd(32, '.')).toString('hex')
const never = Promise.withResolvers<void>()

const perDay = 24 * 60 * 60 * 1000
const now = () => new Date()
const startedMs = Date.now()
const dayMs = (instantMs: number) => Math.floor(instantMs / perDay) * perDay

beforeAll(async () => {
  testRedis = await createTestRedis()
  producer = connectProducer(testRedis.url)
  await once(producer, 'ready')
  queue = openStoreQueue(producer)
  // One job fails and is retried later, one fails for good, and one fails and then does not end on
  // its second attempt, so that the jobs after it wait.
  const connection = connectWorker(testRedis.url)
  worker = new Worker(
    STORE_QUEUE,
    async (job) => {
      const name = Buffer.from(job.id ?? '', 'hex').toString()
      if (name.startsWith('held') && job.attemptsMade > 0) return await never.promise
      throw new Error(name.startsWith('secret') ? `/srv/sealed/${job.id}` : 'STORE_FAILED')
    },
    {
      connection,
      prefix: QUEUE_PREFIX,
      concurrency: 1,
      settings: {
        backoffStrategy: (_made, _type, _error, job) =>
          job?.id === receiptOf('held') ? 0 : 3_600_000,
      },
    },
  )
  const raw = new Queue(STORE_QUEUE, {
    connection: producer,
    prefix: QUEUE_PREFIX,
    skipWaitingForReady: true,
    skipVersionCheck: true,
  })
  await queue.enqueue(receiptOf('late'))
  await raw.add(
    STORE_QUEUE,
    { receipt: receiptOf('secret') },
    { jobId: receiptOf('secret'), attempts: 1, removeOnFail: false },
  )
  const reached = (...states: string[]) =>
    until(
      async () => (await queue.failedJobs()).map(({ state }) => state).join() === states.join(),
      () => states.join(),
    )
  await reached('delayed', 'failed')
  await queue.enqueue(receiptOf('held'))
  await reached('active', 'delayed', 'failed')
  await queue.enqueueAll([receiptOf('new 1'), receiptOf('new 2')])
  ;[counts, failedJobs] = [await queue.counts(), await queue.failedJobs()]
  await raw.close()
  const app = createOpsApp({
    listen: { host: '127.0.0.1', port: 0 },
    token: null,
    stepMinutes: 15,
    checkHealth: async () => well,
    now,
    figures: () => ({
      ...quiet,
      queue: {
        waiting: roundUp(counts.waiting),
        active: roundUp(counts.active),
        delayed: roundUp(counts.delayed),
        failed: roundUp(counts.failed),
      },
    }),
    history: createHistory({ clock: { now }, stepMinutes: 15 }),
    jobs: () => publishJobs(failedJobs),
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterAll(async () => {
  never.resolve()
  server.closeAllConnections()
  server.close()
  await worker.close(true)
  producer.disconnect()
  await testRedis.dispose()
})

async function read(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Every number and every text in a value, with its path. */
function leavesOf(value: unknown, place = ''): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return [[place, value]]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${place}.${key}`))
}

const published = [0, 10, 100, 1000, 10_000]

/** Whether a number only belongs to the board's paging. */
const isItsOwn = (place: string) => /\.pagination\.(?:pageCount|range\.(?:start|end))$/.test(place)

function finerThanPublished(body: unknown): string[] {
  return leavesOf(body).flatMap(([place, value]) => {
    const isFiner =
      typeof value === 'number' &&
      !published.includes(value) &&
      value % perDay !== 0 &&
      !isItsOwn(place)
    // A time of day, a whole receipt, or a path.
    const tells = typeof value === 'string' && /\d{1,2}:\d{2}|[0-9a-f]{9,}|\//.test(value)
    return isFiner || tells ? [`${place} = ${String(value)}`] : []
  })
}

describe('the board', () => {
  it('has real jobs to hide', () => {
    expect(counts).toEqual({ waiting: 2, active: 1, delayed: 1, failed: 1 })
    expect(failedJobs.map(({ state, failedAttempts }) => [state, failedAttempts])).toEqual([
      ['active', 1],
      ['delayed', 1],
      ['failed', 1],
    ])
  })

  it.each(['latest', 'waiting', 'active', 'delayed', 'failed'])(
    'tells nothing finer than the day and the step of %s',
    async (status) => {
      const { text } = await read(
        `/queues/api/queues?activeQueue=store&status=${status}&page=1&jobsPerPage=10`,
      )
      const body = JSON.parse(text) as {
        queues: Array<{
          counts: Record<string, number>
          jobs: Array<Record<string, unknown>>
          readOnlyMode: boolean
        }>
      }
      const [shown] = body.queues
      expect(shown?.readOnlyMode).toBe(true)
      expect(shown?.counts).toMatchObject({ waiting: 10, active: 10, delayed: 10, failed: 10 })
      expect(finerThanPublished(body)).toEqual([])
      expect(shown?.jobs.map(({ id }) => id)).toEqual(
        failedJobs
          .filter(({ state }) => status === 'latest' || state === status)
          .map(({ receipt }) => receipt.slice(0, 8)),
      )
      for (const job of shown?.jobs ?? []) {
        expect(job).toMatchObject({
          data: null,
          opts: {},
          stacktrace: [],
          attempts: 10,
          // Two days are possible, because midnight may pass during the test.
          timestamp: expect.toBeOneOf([dayMs(startedMs), dayMs(Date.now())]) as number,
        })
        expect([job.processedOn, job.finishedOn, job.returnValue ?? undefined]).toEqual([
          undefined,
          undefined,
          undefined,
        ])
      }
    },
  )

  it('shows one job by its short receipt, and of a failure only the code', async () => {
    const id = receiptOf('secret').slice(0, 8)
    const { status, text } = await read(`/queues/api/queues/store/${id}`)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({
      status: 'failed',
      job: { id, failedReason: 'UNKNOWN' },
    })
    expect(finerThanPublished(JSON.parse(text))).toEqual([])
    expect((await read(`/queues/api/queues/store/${receiptOf('secret')}`)).status).toBe(404)
    expect((await read(`/queues/api/queues/store/${receiptOf('new 1').slice(0, 8)}`)).status).toBe(
      404,
    )
  })

  it.each([
    'redis/stats',
    'job-schedulers',
    'queues/store/metrics',
    'queues/store/workers',
    'queues/store/default-job-options',
    'queues/store/rate-limit',
    'queues/store/job-data-schema',
    'metrics/history',
  ])('says nothing at /api/%s', async (path) => {
    const { status, text } = await read(`/queues/api/${path}`)
    expect(status).toBe(404)
    expect(text).not.toMatch(/\d{4,}/)
  })

  it("accepts no other method on any path, its own or the board's", async () => {
    const { appRoutes } = createRequire(import.meta.url)('@bull-board/api/dist/routes.js') as {
      appRoutes: { api: Array<{ method: string; route: string }> }
    }
    const boards = appRoutes.api.map(
      ({ route }) =>
        `/queues${route.replace(':queueName', 'store').replace(':jobId', receiptOf('late')).replace(/:\w+/g, 'x')}`,
    )
    expect(boards.length).toBeGreaterThan(25)
    for (const path of [
      '/',
      '/runbook',
      '/metrics',
      '/readyz',
      '/livez',
      '/queues',
      '/nowhere',
      ...boards,
    ]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { status, headers } = await read(path, method)
        expect([path, method, status, headers.get('allow')]).toEqual([
          path,
          method,
          405,
          'GET, HEAD',
        ])
      }
    }
    expect(await queue.counts()).toEqual(counts)
  })

  it('allows scripts and styles of its own under its path alone, and names nobody else', async () => {
    const { headers, text } = await read('/queues/')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';base-uri 'self';form-action 'none';frame-ancestors 'none'",
    )
    expect(text).not.toMatch(/https?:\/\//)
    expect((await read('/')).headers.get('content-security-policy')).not.toContain('script-src')
    const own = [...text.matchAll(/(?:src|href)="(static[^"]+)"/g)].map(([, path]) => path)
    expect(own.length).toBeGreaterThan(1)
    for (const path of own) {
      const asset = await read(`/queues/${path}`)
      expect([path, asset.status, asset.headers.get('cache-control')]).toEqual([
        path,
        200,
        'no-store',
      ])
    }
  })
})
