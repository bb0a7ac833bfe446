import { afterEach, describe, expect, it } from 'vitest'
import { readFailover } from '../../../src/queue/failover.ts'
import { connectObserver } from '../../../src/queue/redis.ts'
import { startCluster, whyNoCluster } from '../../support/engines/redis-cluster.ts'
import { startSentinel, whyNoSentinel } from '../../support/engines/redis-sentinel.ts'
import { createTestRedis } from '../../support/redis.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

/** What ops would show, once Redis answers. */
async function watch(url: string) {
  const redis = connectObserver(url)
  undo.push(() => redis.disconnect())
  await expect.poll(() => redis.status).toBe('ready')
  return () => readFailover(url, redis)
}

/** The problem is `isReady: false`, as `test/ops/health.test.ts` shows. */
describe("whether another Redis can take over: 'REDIS_NO_FAILOVER'", () => {
  it('is not checked for a single Redis', async () => {
    const redis = await createTestRedis()
    undo.push(() => redis.dispose())
    expect(await (await watch(redis.url))()).toBeNull()
  })

  it.skipIf(whyNoSentinel() !== null)(
    'is true with replicas and sentinels, and not without either',
    async () => {
      const site = await startSentinel({ password: 'hunter2', isTls: true })
      undo.push(() => site.dispose())
      const look = await watch(site.url)
      const all = { kind: 'sentinel', replicas: 2, sentinels: { answering: 3, named: 3 } }
      await expect.poll(look).toEqual({ ...all, isReady: true })
      for (const sentinel of site.sentinels.slice(0, 2)) await sentinel.kill()
      await expect
        .poll(look)
        .toEqual({ ...all, sentinels: { answering: 1, named: 3 }, isReady: false })
      for (const sentinel of site.sentinels.slice(0, 2)) sentinel.start()
      await expect.poll(look).toEqual({ ...all, isReady: true })
      const master = await site.master()
      for (const server of site.servers) if (server !== master) await server.kill()
      await expect.poll(look).toMatchObject({ replicas: 0, isReady: false })
    },
    180_000,
  )

  it.skipIf(whyNoCluster() !== null)(
    'is true in a whole Cluster, and not when the replica of our slots is gone',
    async () => {
      const site = await startCluster()
      undo.push(() => site.dispose())
      const look = await watch(site.url)
      const whole = { kind: 'cluster', replicas: 1, sentinels: null, isReady: true }
      await expect.poll(look).toEqual(whole)
      const master = await site.masterOf('{tumen}:store:wait')
      await master.kill()
      // Its replica takes over, and has none itself.
      await expect
        .poll(() => look().catch(() => null))
        .toEqual({ ...whole, replicas: 0, isReady: false })
    },
    180_000,
  )
})
