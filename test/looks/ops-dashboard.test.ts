import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createOpsApp } from '../../src/ops/app.ts'
import type { Past } from '../../src/ops/dashboard/history.ts'
import { beat } from '../../src/queue/heartbeat.ts'
import { connectWorker } from '../../src/queue/redis.ts'
import { QUEUE_PREFIX, STORE_QUEUE, openStoreQueue } from '../../src/queue/store-queue.ts'
import { systemClock } from '../../src/time/clock.ts'
import { startDraining, stopDraining } from '../../src/store/drain-marker.ts'
import { shownText, textOf, untilThere, untilTrue } from '../browser/support/acts.ts'
import { artefacts } from '../browser/support/artefacts.ts'
import { inspect } from '../browser/support/inspect.ts'
import { isInstalled } from '../browser/support/installed.ts'
import type { Launched } from '../browser/support/launch.ts'
import { launch } from '../browser/support/launch.ts'
import type { OnionProxy } from '../browser/support/proxy.ts'
import { openOnionProxy } from '../browser/support/proxy.ts'
import { well } from '../ops/quiet.ts'
import type { RealOps } from '../ops/start-ops.ts'
import { startRealOps } from '../ops/start-ops.ts'
import { until } from '../supervise/start.ts'

/**
 * The dashboard in each state, each produced by a real system and checked for accessibility; and
 * the board in a browser.
 */

let ops: RealOps
let redis: Redis
let requests: string[] = []
let proxy: OnionProxy
let launched: Launched
let page: Page
let complaints: string[] = []

const here = (path = '/') => `http://127.0.0.1:${ops.port}${path}`

async function beatBoth(draining = false): Promise<void> {
  for (const role of ['intake', 'worker']) await beat(redis, role, 'a', { draining })
}

async function codes(): Promise<string[]> {
  const { problems } = (await (await fetch(here('/readyz'))).json()) as {
    problems: Array<{ code: string }>
  }
  return problems.map(({ code }) => code)
}

const untilCodes = (...expected: string[]) =>
  until(
    async () => (await codes()).join() === expected.join(),
    () => expected.join(),
    90_000,
  )

/** A real job at which a real worker fails, and which waits for its retry. */
async function failOnce(receipt: string): Promise<void> {
  const queue = openStoreQueue(redis)
  const worker = new Worker(
    STORE_QUEUE,
    async () => {
      throw new Error('STORE_FAILED')
    },
    {
      connection: connectWorker(ops.redis.url),
      prefix: QUEUE_PREFIX,
      settings: { backoffStrategy: () => 3_600_000 },
    },
  )
  const failed = once(worker, 'failed')
  await queue.enqueue(receipt)
  await failed
  await worker.close()
}

async function open(url: string): Promise<void> {
  complaints = []
  requests = []
  await page.goto(url)
}

describe.runIf(isInstalled('chromium'))('ops in Chromium', () => {
  beforeAll(async () => {
    ops = await startRealOps()
    redis = ops.redis.client()
    proxy = await openOnionProxy(0)
    proxy.addSite(`127.0.0.1:${ops.port}`, ops.port)
    launched = await launch({ browser: 'chromium', level: 'standard', proxyAddress: proxy.address })
    page = await launched.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text())
    })
    page.on('request', (request) => void requests.push(request.url()))
    page.on('pageerror', (error) => void complaints.push(String(error)))
  }, 120_000)
  afterAll(async () => {
    await launched?.dispose()
    await proxy?.close()
    await ops?.dispose()
  })
  afterEach(() => expect(complaints).toEqual([]))

  async function see(name: string, word: string): Promise<void> {
    await open(here())
    expect(await textOf(page, 'h1')).toBe(word)
    expect(await inspect(page, `ops/${name}`, { hasDark: true })).toEqual([])
  }

  describe('the dashboard', () => {
    it('is accessible when all is well', { timeout: 120_000 }, async () => {
      await beatBoth()
      await untilCodes()
      await see('well', 'All well')
    })

    it('is accessible when the intake is closed on purpose', { timeout: 120_000 }, async () => {
      const place = { dir: ops.dataDir, clock: systemClock }
      await startDraining(place)
      await beatBoth()
      await untilCodes('DRAINING')
      await see('draining', 'Closed for a moment')
      await stopDraining(place)
    })

    it('is accessible when a worker is missing', { timeout: 120_000 }, async () => {
      await redis.flushall()
      await beat(redis, 'intake', 'a', { draining: false })
      await untilCodes('WORKER_MISSING')
      await see('not-ready', 'Look now')
    })

    it('is accessible when Redis is away', { timeout: 120_000 }, async () => {
      await ops.redis.kill()
      await untilCodes('REDIS_UNREACHABLE')
      await see('redis-away', 'Look now')
      await ops.redis.start()
      redis = ops.redis.client()
      await until(
        async () => !(await codes()).includes('REDIS_UNREACHABLE'),
        () => 'redis to be back',
      )
    })

    it('is accessible when there is a dead letter', { timeout: 180_000 }, async () => {
      await writeFile(join(ops.dataDir, 'quarantine', `${'ab'.repeat(32)}.age`), 'x', {
        mode: 0o600,
      })
      await until(
        async () => {
          await beatBoth()
          return (await codes()).join() === 'QUARANTINE_NOT_EMPTY'
        },
        () => 'the warning',
        90_000,
      )
      await see('warning', 'Look soon')
    })

    it('links to the section of the runbook', { timeout: 120_000 }, async () => {
      await open(here('/runbook#QUARANTINE_NOT_EMPTY'))
      const section = await page.evaluate(() => {
        let next: Element | null = document.querySelector(':target')?.closest('h3') ?? null
        let text = ''
        do text += next?.textContent ?? ''
        while ((next = next?.nextElementSibling ?? null) !== null && next.tagName !== 'H3')
        return text
      })
      expect(section).toMatch(/^TumenQuarantineNotEmpty.*Run tumen queue inspect/s)
      expect(await inspect(page, 'ops/runbook', { hasDark: true })).toEqual([])
    })
  })

  describe('the dashboard of a fresh process', () => {
    let server: Server
    afterAll(() => void server?.close())

    it('is accessible without figures, and later with a history', {
      timeout: 120_000,
    }, async () => {
      const past = (index: number): Past | null =>
        index < 20
          ? null
          : {
              state: index < 40 ? 'well' : index < 44 ? 'now' : index < 60 ? 'soon' : 'well',
              spool: index % 30 < 3 ? 10 : 0,
              vault: index < 50 ? 100 : 1000,
            }
      const app = createOpsApp({
        listen: { host: '127.0.0.1', port: 0 },
        token: null,
        stepMinutes: 15,
        figures: () => null,
        jobs: () => null,
        now: () => new Date('2026-11-23T14:30:00Z'),
        checkHealth: async () => well,
        history: {
          note: () => undefined,
          cells: ({ hours, cellMinutes }) =>
            Array.from({ length: (hours * 60) / cellMinutes }, (_, index) => past(index)),
        },
      })
      server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      proxy.addSite(`127.0.0.1:${port}`, port)
      await open(`http://127.0.0.1:${port}/`)
      expect(await textOf(page)).toContain('There are no figures yet')
      expect(await inspect(page, 'ops/no-figures', { hasDark: true })).toEqual([])
    })
  })

  describe('the board', () => {
    it('is rendered under its policy, and requests nothing from other origins', {
      timeout: 180_000,
    }, async () => {
      const receipt = 'ab'.repeat(32)
      await failOnce(receipt)
      const asked = here('/queues/api/queues?activeQueue=store')
      await until(
        async () => (await (await fetch(asked)).text()).includes(receipt.slice(0, 8)),
        () => 'the step with the failed job',
        90_000,
      )
      await open(here('/queues/'))
      await untilThere(page, 'a[href*="queue/store"]')
      await page.evaluate(() =>
        document.querySelector<HTMLElement>('a[href*="queue/store"]')?.click(),
      )
      await untilTrue(
        page,
        'the queue',
        () =>
          document.body.innerText.includes('Tips to be stored') &&
          document.body.innerText.includes('abababab'),
      )
      expect(await shownText(page)).not.toMatch(/\d:\d\d|ababababab/)
      await page.screenshot({ path: join(artefacts, 'ops/queues.png') })
      expect(requests.filter((url) => !url.startsWith(here('/queues/')))).toEqual([])
      expect(requests.some((url) => url.includes('/queues/api/queues'))).toBe(true)
    })
  })
})
