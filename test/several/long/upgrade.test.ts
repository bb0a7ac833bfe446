import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { runHere } from '../../cli/support/run-here.ts'
import { contentOf, digestOf } from '../../store/contract.ts'
import { type AlternatingProxy, startAlternatingProxy } from '../../support/alternating-proxy.ts'
import { createTestRedis, type TestRedis } from '../../support/redis.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machine, type Machines, openMachines, storedReceipts } from '../machines.ts'

const clients = 64

/** How docs/scaling.md upgrades one of two hosts: closed, stopped, started, open again. */
async function upgrade({ dataDir, env, intake, worker }: Machine): Promise<void> {
  const machine = { dir: dataDir, env: env as Record<string, string> }
  expect((await runHere(machine, ['drain'])).status).toBe(0)
  for (const unit of [intake, worker]) {
    expect(await unit.stop()).toBe(0)
    unit.start()
    await unit.untilReady()
  }
  expect((await runHere(machine, ['drain', '--off'])).status).toBe(0)
}

describe.skipIf(!hasCeph)('an upgrade of two hosts, one after the other', () => {
  const ceph = useCeph()
  let redis: TestRedis | null = null
  let site: Machines | null = null
  let fronts: AlternatingProxy[] = []
  afterEach(async () => {
    for (const front of fronts) await front.stop()
    await site?.dispose()
    await redis?.dispose()
  })

  it('refuses no source that tries again as "tumen send" does', { timeout: 600_000 }, async () => {
    redis = await createTestRedis()
    const place = placeOf(ceph())
    site = await openMachines({ count: 2, place, redisUrl: redis.url })
    await site.start()
    fronts = await Promise.all(site.machines.map(({ socket }) => startAlternatingProxy([socket])))
    const dir = await makeTempDir()
    const receipts = new Set<string>()
    const refused: string[] = []
    let retries = 0
    let isOver = false

    const runClient = async (n: number): Promise<void> => {
      const url = `http://127.0.0.1:${fronts[n % fronts.length]?.port}`
      while (!isOver) {
        const { bytes, receipt } = makeEnvelope(n)
        await writeFile(join(dir, `${n}.age`), bytes)
        const sent = await runHere({ dir, env: {} }, ['send', `${n}.age`, '--to', url], {
          wait: async (ms: number) => {
            retries += 1
            await sleep(ms)
          },
        })
        if (sent.status === 0 && sent.stdout.includes(receipt)) receipts.add(receipt)
        else refused.push(sent.stderr)
      }
    }
    const running = Promise.all(Array.from({ length: clients }, (_, n) => runClient(n)))
    const progress = async (count: number): Promise<void> => {
      const until = receipts.size + count
      await expect.poll(() => receipts.size, { timeout: 120_000 }).toBeGreaterThan(until)
    }
    await progress(clients)
    for (const machine of site.machines) {
      await upgrade(machine)
      await progress(clients)
    }
    isOver = true
    await running
    console.log(`upgrade: ${receipts.size} receipts, ${retries} retries, ${refused.length} refused`)
    expect(refused).toEqual([])
    // Otherwise the load did not meet the upgrade.
    expect(retries).toBeGreaterThan(0)
    const { machines } = site
    const missing = async (): Promise<number> => {
      const stored = await storedReceipts(machines)
      return [...receipts].filter((receipt) => !stored.has(receipt)).length
    }
    await expect.poll(missing, { timeout: 120_000, interval: 500 }).toBe(0)
    const store = await openOn(place)
    for (const receipt of receipts)
      expect(digestOf(await contentOf(store, 'incoming', receipt))).toBe(receipt)
  })
})
