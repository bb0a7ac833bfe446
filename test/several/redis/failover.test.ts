import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beat, readHeartbeats } from '../../../src/queue/heartbeat.ts'
import { forgetTimes } from '../../../src/queue/forget.ts'
import { readFailover } from '../../../src/queue/failover.ts'
import { connectProducer, connectWorker } from '../../../src/queue/redis.ts'
import { openStoreQueue } from '../../../src/queue/store-queue.ts'
import { startConsumer } from '../../../workers/consumer.ts'
import type { Daemon } from '../../support/engines/daemon.ts'
import { startCluster, whyNoCluster } from '../../support/engines/redis-cluster.ts'
import { startSentinel, whyNoSentinel } from '../../support/engines/redis-sentinel.ts'
import { whyNoTls } from '../../support/engines/tls-files.ts'

interface Site {
  url: string
  master(): Promise<Daemon>
  /** None for a Cluster. */
  sentinels: readonly Daemon[]
  dispose(): Promise<void>
}

const kinds: [string, string | null, () => Promise<Site>][] = [
  ['Sentinel with passwords', whyNoSentinel(), () => startSentinel({ password: 'hunter2' })],
  [
    'Sentinel with passwords and TLS',
    whyNoSentinel() ?? whyNoTls(),
    () => startSentinel({ password: 'hunter2', isTls: true }),
  ],
  ['a Cluster', whyNoCluster(), () => openCluster({})],
  [
    'a Cluster with a password and TLS',
    whyNoCluster() ?? whyNoTls(),
    () => openCluster({ password: 'hunter2', isTls: true }),
  ],
]

async function openCluster(options: { password?: string; isTls?: boolean }): Promise<Site> {
  const site = await startCluster(options)
  return { ...site, master: () => site.masterOf('{tumen}:store:wait'), sentinels: [] }
}

/** Stops the master. @returns a function that undoes the fault. */
type Fault = (site: Site) => Promise<() => void>

const killMaster: Fault = async (site) => {
  const master = await site.master()
  await master.kill()
  return () => master.start()
}

const freezeMaster: Fault = async (site) => {
  const master = await site.master()
  master.freeze()
  return () => master.thaw()
}

/**
 * The sentinel that clients ask first does not answer, so they are still asking for the master when
 * the others announce the next one.
 */
const killMasterAndFreezeSentinel: Fault = async (site) => {
  const master = await site.master()
  const [first] = site.sentinels
  first?.freeze()
  await master.kill()
  return () => {
    first?.thaw()
    master.start()
  }
}

const faults: [string, Fault][] = [
  ['killed', killMaster],
  ['frozen', freezeMaster],
]
const sentinelFaults: [string, Fault][] = [
  ...faults,
  ['killed while a sentinel is frozen', killMasterAndFreezeSentinel],
]

describe.each(kinds)('the queue on %s', (name, reason, start) => {
  if (reason !== null) process.stderr.write(`skipped: tests on ${name} (${reason})\n`)
  let site: Site

  beforeAll(async () => {
    if (reason === null) site = await start()
  }, 120_000)
  afterAll(async () => {
    await site?.dispose()
  })

  it.skipIf(reason !== null)('reads heartbeats and forgets times', async () => {
    expect(site.url).not.toContain('hunter2')
    const redis = connectProducer(site.url)
    await expect.poll(() => redis.status).toBe('ready')
    await beat(redis, 'intake', 'one', { draining: false })
    await beat(redis, 'worker', 'two', { draining: false })
    expect((await readHeartbeats(redis)).map(({ role }) => role)).toEqual(['intake', 'worker'])
    await forgetTimes(redis, { rewriteLog: true })
    await expect.poll(async () => (await readFailover(site.url, redis))?.isReady).toBe(true)
    redis.disconnect()
  })

  it.skipIf(reason !== null).each(name.includes('Sentinel') ? sentinelFaults : faults)(
    'takes every job when its master is %s under load',
    (_how, fail) => expectEveryJob(site, fail),
    240_000,
  )
})

async function expectEveryJob(site: Site, fail: Fault): Promise<void> {
  const producer = connectProducer(site.url)
  await expect.poll(() => producer.status).toBe('ready')
  const queue = openStoreQueue(producer)
  const connection = connectWorker(site.url)
  const done = new Set<string>()
  const consumer = startConsumer({
    connection,
    handler: {
      async store(receipt) {
        done.add(receipt)
        return 'stored'
      },
      settled: async () => {},
    },
    onFailed: () => {},
    onStalled: () => {},
  })
  const sent: string[] = []
  let isSending = true
  const sending = (async () => {
    while (isSending) {
      const receipt = randomBytes(32).toString('hex')
      sent.push(receipt)
      queue.announce(receipt)
      await sleep(20)
    }
  })()
  await expect.poll(() => done.size).toBeGreaterThan(20)
  const mend = await fail(site)
  const before = done.size
  await expect.poll(() => done.size).toBeGreaterThan(before + 20)
  isSending = false
  await sending
  mend()
  // Queues every envelope that Redis does not know, as the sweep does.
  const sweep = async (): Promise<number> => {
    const missing = sent.filter((receipt) => !done.has(receipt))
    const unknown = await queue.withoutJob(missing).catch(() => [])
    await queue.enqueueAll(unknown).catch(() => {})
    return missing.length
  }
  await expect.poll(sweep, { interval: 500 }).toBe(0)
  await consumer.close()
  await queue.close()
  connection.disconnect()
  producer.disconnect()
}
