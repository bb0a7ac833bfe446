import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { killUnit } from '../../faults/killers.ts'
import type { Random } from '../../faults/random.ts'
import type { Daemon } from '../../support/engines/daemon.ts'
import type { SentinelSite } from '../../support/engines/redis-sentinel.ts'
import { canLoadMachines, useLoadedMachines } from '../loaded-machines.ts'

const kills = 30

/** The maximum time from ready to killed. */
const maxLifeMs = 2000

describe.skipIf(!canLoadMachines)(
  'when intake, worker, Redis master and store are killed at random moments under load',
  () => {
    const start = useLoadedMachines()

    it('has every envelope with a receipt in the store once, byte for byte', {
      timeout: 1_200_000,
    }, async () => {
      const { one, two, sentinel, ceph, loads, random, finish } = await start()
      const [intake, worker, master, daemon] = await Promise.all([
        killUnit(one.intake, { times: kills, random: random(0), maxLifeMs }),
        killUnit(two.worker, { times: kills, random: random(1), maxLifeMs }),
        killMasters(sentinel, { times: kills, random: random(2) }),
        killDaemons([ceph.gateway, ceph.disk], { times: kills, random: random(3) }),
      ])
      console.log(
        await finish(
          `SIGKILL: intake ${intake}, worker ${worker}, Redis master ${master}, store daemon ${daemon}`,
        ),
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
