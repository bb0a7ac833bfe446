import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { killUnit } from '../../faults/killers.ts'
import { createRandom, type Random, seedOfRun } from '../../faults/random.ts'
import { startLoad } from '../../faults/source.ts'
import type { Daemon } from '../../support/engines/daemon.ts'
import {
  type SentinelSite,
  startSentinel,
  whyNoSentinel,
} from '../../support/engines/redis-sentinel.ts'
import { expectEverything } from '../audit.ts'
import { hasCeph, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machines, openMachines } from '../machines.ts'

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
      const seen = await expectEverything(site, place, loads)
      console.log(
        `faults: FAULT_SEED=${seed}; ${seen}; SIGKILL: intake ${done[0]}, worker ${done[1]}, Redis master ${done[2]}, store daemon ${done[3]}; ${Math.round((performance.now() - began) / 1000)} s`,
      )
      expect(loads.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)).toBeGreaterThan(
        100,
      )
    })
  },
)

async function killMasters(
  site: SentinelSite,
  options: { times: number; random: Random },
): Promise<number> {
  let killed = 0
  for (; killed < options.times; killed += 1) {
    await sleep(options.random.below(4000))
    const master = await site.master().catch(() => site.servers[0]!)
    await master.kill()
    // May be long enough for the sentinels to choose another master, or too short for that.
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
