import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { loadSettings } from '../../config/settings.ts'
import { EnvelopeWalker } from '../../src/age/walk.ts'
import { readRedisFigures } from '../../src/ops/redis-state.ts'
import { type Ops, startOps } from '../../src/ops/start.ts'
import { countOldKeyring } from '../../src/queue/counters.ts'
import { beat } from '../../src/queue/heartbeat.ts'
import { connectWorker } from '../../src/queue/redis.ts'
import { openStoreQueue } from '../../src/queue/store-queue.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { openReasons } from '../../src/store/reasons.ts'
import { openAttempts } from '../../workers/attempts.ts'
import { startConsumer } from '../../workers/consumer.ts'
import { openLedger } from '../../src/ledger/writer.ts'
import { createStoreHandler } from '../../workers/store.ts'
import { makeMachine } from '../support/machine.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'
import { makeEnvelope, putBlob } from '../workers/envelopes.ts'
import { eventually } from '../support/eventually.ts'

const startMs = Date.parse('2026-11-23T10:00:00Z')
const paths = ['/metrics', '/readyz', '/']

let redis: TestRedis
beforeAll(async () => {
  redis = await createTestRedis()
})
afterAll(() => redis.dispose())

/** Runs all parts except the intake's HTTP server, with a clock that the test sets. */
async function openWorld(stepMinutes: number) {
  await redis.restartEmpty()
  const client = redis.client()
  // With a limit, the memory of a single job would be visible if it were published.
  await client.config('SET', 'maxmemory', '256mb')
  let second = 0
  const clock = { now: () => new Date(startMs + second * 1000) }
  const machine = await makeMachine('2026-11-23')
  const dataDir = machine.at('var')
  const store = await openFsStore({ dir: dataDir, instance: 'world', reserveBytes: 0, clock })
  const ledger = await openLedger({ path: join(dataDir, 'ledger.jsonl'), clock })
  const attempts = await openAttempts({ dir: join(dataDir, 'attempts'), clock })
  const handler = createStoreHandler({
    store,
    ledger,
    attempts,
    reasons: openReasons({ dir: dataDir, clock }),
    createWalker: () => new EnvelopeWalker(),
    onQuarantine: () => {},
  })
  const queue = openStoreQueue(client, { clock })
  const connection = connectWorker(redis.url)
  const consumer = startConsumer({ connection, handler, onFailed: () => {}, onStalled: () => {} })
  const ops = await startOps({
    settings: loadSettings({
      ...machine.env,
      TUMEN_REDIS_URL: redis.url,
      TUMEN_RESERVE_BYTES: '0',
    }),
    clock,
    stepMinutes,
    lookMs: 0,
    // So long that the timer never fires: `tick` also records the history, with the test's clock.
    historyLookMs: 2 ** 31 - 1,
    seams: {
      statfs: () => ({ blocks: 2 ** 20, bsize: 1, bavail: 2 ** 20 - bytesUnder(dataDir) }),
      monotonicMs: () => clock.now().getTime(),
      usedRatio: async () => bytesUnder(dataDir) / 2 ** 20,
      redisFigures: async (redis) => ({
        ...(await readRedisFigures(redis)),
        latencySeconds: 0.001,
      }),
    },
  })
  return {
    ops,
    /**
     * Closes this world before another one uses the same Redis, because its consumer would take the
     * other's job.
     */
    async close() {
      ops.stop()
      await consumer.close()
      await queue.close()
      await ledger.close()
      connection.disconnect()
    },
    /** Moves the clock by a second and runs what a timer would run. */
    async pass() {
      second += 1
      await ops.tick()
      if (second % 100 === 1) {
        for (const role of ['intake', 'worker'])
          await beat(client, role, 'a', {
            draining: false,
            gauges: { lagMs: 10, rssBytes: 2 ** 27 },
          })
      }
    },
    async receiveTip() {
      const envelope = makeEnvelope(70_000)
      await putBlob(store, 'incoming', envelope)
      await countOldKeyring(client)
      await queue.enqueue(envelope.receipt)
      await eventually(async () => expect(await store.locate(envelope.receipt)).toBe('sealed'), {
        interval: 5,
      })
      await eventually(async () => expect((await queue.counts()).active).toBe(0), { interval: 5 })
    },
  }
}

function bytesUnder(dir: string): number {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  return names
    .map((name) => statSync(join(dir, name), { throwIfNoEntry: false }))
    .reduce((sum, stat) => sum + (stat?.isFile() ? stat.size : 0), 0)
}

async function listen(ops: Ops, dir: string) {
  const socketPath = join(dir, `ops-${Math.random()}.sock`)
  const server = createServer(ops.app)
  await once(server.listen(socketPath), 'listening')
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => {
    agent.destroy()
    server.close()
  })
  return async (path: string): Promise<string> => {
    const asked = request({ socketPath, path, agent, headers: { host: 'localhost' } }).end()
    const [answer] = await once(asked, 'response')
    let text = `${answer.statusCode} ${JSON.stringify({ ...answer.headers, date: null })}\n`
    for await (const piece of answer) text += String(piece)
    return text
  }
}

/** What an observer sees who requests everything every second. */
async function seriesFor(
  arrivalSecond: number,
  { stepMinutes, seconds }: { stepMinutes: number; seconds: number },
): Promise<string[]> {
  const world = await openWorld(stepMinutes)
  const ask = await listen(world.ops, redis.dir)
  const series: string[] = []
  for (let second = 1; second <= seconds; second += 1) {
    await world.pass()
    if (second === arrivalSecond) await world.receiveTip()
    series.push((await Promise.all(paths.map(ask))).join('\n'))
  }
  await world.close()
  return series
}

const twoSteps = { stepMinutes: 15, seconds: 2 * 15 * 60 + 10 }

/** The dashboard shows when it was requested, which is the observer's own time. */
const withoutTime = (text = ''): string => text.replace(/looked at \d\d:\d\d UTC/, '')

/** The first second in which the two series differ. */
function firstDifference(one: readonly string[], other: readonly string[]): number | null {
  const index = one.findIndex((text, at) => text !== other[at])
  return index === -1 ? null : index + 1
}

describe('an observer who asks ops every second for /metrics, /readyz and /', () => {
  it('sees the same bytes for one tip at minute 1 and at minute 14', {
    timeout: 600_000,
  }, async () => {
    const early = await seriesFor(60, twoSteps)
    const late = await seriesFor(14 * 60, twoSteps)
    expect(early).toHaveLength(1810)
    expect(firstDifference(early, late)).toBeNull()
    // Control: the tip is visible once the step is over, so the observer is not blind.
    expect(early[899]).toContain('tumen_envelopes{place="vault"} 10\n')
    expect(early[898]).toContain('tumen_envelopes{place="vault"} 0\n')
    expect(withoutTime(early[898])).toBe(withoutTime(early[0]))
  })

  it('would see the difference if figures moved every minute', { timeout: 600_000 }, async () => {
    const minutes = { stepMinutes: 1, seconds: 200 }
    const early = await seriesFor(60, minutes)
    const late = await seriesFor(130, minutes)
    expect(firstDifference(early, late)).toBe(120)
  })
})
