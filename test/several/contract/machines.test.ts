import { readdir, readFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { askPath, askReceipt, sendEnvelope, startLoad } from '../../faults/source.ts'
import { createRandom, seedOfRun } from '../../faults/random.ts'
import { contentOf, digestOf } from '../../store/contract.ts'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { handOver } from '../../../src/reply-store/hand-over.ts'
import { openSharedFolder } from '../../../src/store/s3-folder.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { makeTestDrop, type TestDrop, writeReplies } from '../../reply-store/answering-desk.ts'
import { createTestRedis, type TestRedis } from '../../support/redis.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machine, type Machines, openMachines, storedReceipts } from '../machines.ts'

describe.skipIf(!hasCeph)('two intakes and two workers on one bucket', () => {
  const ceph = useCeph()
  let redis: TestRedis | null = null
  let site: Machines | null = null
  const agent = new Agent()

  afterEach(async () => {
    await site?.dispose()
    await redis?.dispose()
    site = null
    redis = null
  })

  const open = async () => {
    redis = await createTestRedis()
    const place = placeOf(ceph())
    site = await openMachines({ count: 2, place, redisUrl: redis.url })
    await site.start()
    return { place, redis, site, store: await openOn(place) }
  }

  it('stores what either intake receives, once, and both know its receipt', async () => {
    const { site, store } = await open()
    const [one, two] = site.machines
    const { bytes, receipt } = makeEnvelope(1000)
    const answer = await sendEnvelope({ socket: one!.socket, agent, bytes })
    expect(answer).toMatchObject({ status: 201 })
    for (const { socket } of [one!, two!])
      await expect
        .poll(async () => (await askReceipt({ socket, agent, receipt })).body.trim())
        .toBe('{"state":"stored"}')
    // Nothing was moved: that would write its time a second time.
    expect(await store.locate(receipt)).toBe('incoming')
    expect(Buffer.compare(await contentOf(store, 'incoming', receipt), bytes)).toBe(0)
    expect(await sendEnvelope({ socket: two!.socket, agent, bytes })).toMatchObject({ status: 201 })
    expect(await storedReceipts(site.machines)).toEqual(new Set([receipt]))
  })

  it('answers for the desk on a machine that saw neither the stick nor its worker', async () => {
    const { site, place } = await open()
    const [one, two] = site.machines
    await two!.worker.kill()
    await two!.intake.kill()
    const drop = await bringStick(site, one!)
    // The worker of the first machine takes the stick in and shares it.
    const shelf = openSharedFolder((await openOn(place)).bucket, 'replies')
    await expect.poll(async () => (await shelf.list()).size).toBe(2)
    two!.intake.start()
    await two!.intake.untilReady()
    const ask = (path: string) => askPath({ socket: two!.socket, agent, path })
    const index = await ask('/replies/index.json')
    expect(JSON.parse(index.body)).toMatchObject({ seq: 2, drops: [{ id: drop.id }] })
    for (const path of ['index.json.minisig', `${drop.id}.tar`, `${drop.id}.tar.minisig`])
      expect(await ask(`/replies/${path}`)).toMatchObject({ status: 200 })
    expect((await ask('/replies/newest.tar')).body).toContain(`${drop.id}.tar`)
    expect(await ask('/replies/older-1.tar')).toMatchObject({ status: 404 })
    // With the store away, the machine that has taken them in still answers after a new start.
    two!.worker.start()
    const folder = join(two!.dataDir, 'replies')
    await expect.poll(() => readdir(folder).catch(() => [])).toContain('index.json')
    await ceph().gateway.kill()
    await two!.intake.kill()
    two!.intake.start()
    await two!.intake.untilReady()
    expect(await ask(`/replies/${drop.id}.tar`)).toMatchObject({ status: 200 })
    ceph().gateway.start()
    await ceph().ready()
  }, 180_000)

  it('refuses with a reason while the store is away, and accepts the same envelope afterwards', async () => {
    const { site } = await open()
    const { socket } = site.machines[0]!
    const { bytes, receipt } = makeEnvelope(1000)
    await ceph().gateway.kill()
    const refused = await sendEnvelope({ socket, agent, bytes })
    expect(refused.status).toBe(503)
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'STORE_DOWN' })
    ceph().gateway.start()
    await ceph().ready()
    const taken = await sendEnvelope({ socket, agent, bytes })
    expect(JSON.parse(taken.body)).toMatchObject({ receipt })
  })

  it('loses nothing with all of Redis', async () => {
    const { site, redis, store } = await open()
    const random = createRandom(seedOfRun())
    const loads = site.machines.map(({ socket }) => startLoad({ socket, clients: 4, random }))
    const count = (): number => loads.reduce((sum, load) => sum + load.acknowledged.size, 0)
    await expect.poll(count).toBeGreaterThan(20)
    await redis.restartEmpty()
    const before = count()
    await expect.poll(count).toBeGreaterThan(before + 20)
    await Promise.all(loads.map((load) => load.stop()))
    const acknowledged = new Set(loads.flatMap((load) => [...load.acknowledged]))
    const missing = async (): Promise<number> => {
      const stored = await storedReceipts(site.machines)
      return [...acknowledged].filter((receipt) => !stored.has(receipt)).length
    }
    await expect.poll(missing, { interval: 500 }).toBe(0)
    for (const receipt of acknowledged)
      expect(digestOf(await contentOf(store, 'incoming', receipt))).toBe(receipt)
  })
})

/**
 * Leaves an index and a drop of the desk in the inbox of one machine, as `tumen acknowledge` does.
 */
async function bringStick(site: Machines, { dataDir }: Machine): Promise<TestDrop> {
  const text = await readFile(join(site.deskDir, 'demo', 'desk.key'), 'utf8')
  const stick = join(dataDir, 'stick')
  const day = dayOfInstant(new Date())
  const drop = makeTestDrop(day)
  writeReplies(stick, parseSecretKey(text), { seq: 2, day, drops: [drop] })
  const read = (name: string): Promise<Buffer> => readFile(join(stick, name))
  const signed = async (name: string) => ({
    name,
    bytes: await read(name),
    signature: await read(`${name}.minisig`),
  })
  const arrival = { ...(await signed('index.json')), drops: [await signed(`${drop.id}.tar`)] }
  await handOver(arrival, { dataDir, clock: { now: () => new Date() } })
  return drop
}
