import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { killUnit } from '../../faults/killers.ts'
import { createRandom, type Random, seedOfRun } from '../../faults/random.ts'
import { type Answer, startLoad } from '../../faults/source.ts'
import { contentOf, digestOf } from '../../store/contract.ts'
import type { Daemon } from '../../support/engines/daemon.ts'
import {
  type SentinelSite,
  startSentinel,
  whyNoSentinel,
} from '../../support/engines/redis-sentinel.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machines, openMachines, storedReceipts } from '../machines.ts'

const kills = 30

/** The maximum time from ready to killed. */
const maxLifeMs = 2000

const reason = whyNoSentinel()

describe.skipIf(!hasCeph || reason !== null)(
  'when intake, worker, Redis master and store are killed at random moments under load',
  () => {
    const ceph = useCeph()
    let sentinel: SentinelSite | null = null
    let site: Machines | null = null

    afterEach(async () => {
      await site?.dispose()
      await sentinel?.dispose()
    })

    it('has every envelope with a receipt in the store once, byte for byte', {
      timeout: 1_200_000,
    }, async () => {
      const seed = seedOfRun()
      const began = performance.now()
      sentinel = await startSentinel()
      const place = placeOf(ceph())
      site = await openMachines({ count: 2, place, redisUrl: sentinel.url })
      await site.start()
      const [one, two] = site.machines
      const loads = site.machines.map(({ socket }, n) =>
        startLoad({ socket, clients: 4, random: createRandom(seed + n) }),
      )
      const { gateway, disk } = ceph()
      const done = await Promise.all([
        killUnit(one!.intake, { times: kills, random: createRandom(seed + 10), maxLifeMs }),
        killUnit(two!.worker, { times: kills, random: createRandom(seed + 11), maxLifeMs }),
        killMasters(sentinel, { times: kills, random: createRandom(seed + 12) }),
        killDaemons([gateway, disk], { times: kills, random: createRandom(seed + 13) }),
      ])
      await ceph().ready()
      await Promise.all(loads.map((load) => load.stop()))
      const acknowledged = new Set(loads.flatMap((load) => [...load.acknowledged]))
      const refused = loads.flatMap((load) => load.refused)
      const missing = async (): Promise<number> => {
        const stored = await storedReceipts(site!.machines)
        return [...acknowledged].filter((receipt) => !stored.has(receipt)).length
      }
      await expect.poll(missing, { timeout: 300_000, interval: 1000 }).toBe(0)

      const store = await openOn(place)
      const folders = await Promise.all(
        (['incoming', 'sealed', 'collected'] as const).map(async (prefix) =>
          (await Array.fromAsync(store.list(prefix))).map(({ receipt }) => receipt),
        ),
      )
      const held = folders.flat()
      let damaged = 0
      for (const receipt of acknowledged)
        if (digestOf(await contentOf(store, 'incoming', receipt)) !== receipt) damaged += 1
      const audit = {
        lost: [...acknowledged].filter((receipt) => !held.includes(receipt)).length,
        twice: held.length - new Set(held).size,
        damaged,
        suspects: await store.suspects(),
      }
      console.log(
        `faults: FAULT_SEED=${seed}; ${acknowledged.size} receipts, ${refused.length} refused in words; SIGKILL: intake ${done[0]}, worker ${done[1]}, Redis master ${done[2]}, store daemon ${done[3]}; ${JSON.stringify(audit)}; ${Math.round((performance.now() - began) / 1000)} s`,
      )
      expect(audit).toEqual({ lost: 0, twice: 0, damaged: 0, suspects: 0 })
      expect(acknowledged.size).toBeGreaterThan(100)
      expect(refused.filter((answer) => !isRefusalInWords(answer))).toEqual([])
      expect(
        site.machines.map(({ intake, worker }) => intake.log + worker.log).join(''),
      ).not.toMatch(/[0-9a-f]{64}/)
    })
  },
)

/** A source is told that the store is away, and never that its envelope is safe when it is not. */
function isRefusalInWords({ status, body }: Answer): boolean {
  return [503, 507].includes(status) && /STORE_DOWN|NO_SPACE/.test(body)
}

async function killMasters(
  site: SentinelSite,
  options: { times: number; random: Random },
): Promise<number> {
  let killed = 0
  for (; killed < options.times; killed += 1) {
    await sleep(options.random.below(4000))
    const master = await site.master().catch(() => site.servers[0]!)
    await master.kill()
    // Long enough for the sentinels to choose another master, or for it to come back before that.
    await sleep(options.random.below(5000))
    master.start()
  }
  return killed
}

async function killDaemons(
  daemons: readonly Daemon[],
  options: { times: number; random: Random },
): Promise<number> {
  let killed = 0
  for (; killed < options.times; killed += 1) {
    await sleep(options.random.between(1000, 6000))
    const daemon = daemons[options.random.below(daemons.length)]!
    await daemon.kill()
    await sleep(options.random.below(2000))
    daemon.start()
  }
  return killed
}
