import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createRandom, type Random, seedOfRun } from '../../faults/random.ts'
import { startLoad } from '../../faults/source.ts'
import {
  type SentinelSite,
  startSentinel,
  whyNoSentinel,
} from '../../support/engines/redis-sentinel.ts'
import { expectEverything } from '../audit.ts'
import { hasCeph, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machines, openMachines } from '../machines.ts'

const freezes = 4

/** Longer than a job's lock, a heartbeat and the patience of the sentinels. */
const maxFrozenMs = 20_000

const reason = whyNoSentinel()

describe.skipIf(!hasCeph || reason !== null)(
  'when worker, intake, store and Redis master stand still in turn, and the store is full once',
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
      sentinel = await startSentinel()
      const place = placeOf(ceph())
      site = await openMachines({ count: 2, place, redisUrl: sentinel.url })
      await site.start()
      const { gateway, disk } = ceph()
      const [one, two] = site.machines
      const loads = site.machines.map(({ socket }, n) =>
        startLoad({ socket, clients: 4, random: createRandom(seed + n) }),
      )
      const given = (): number => loads.reduce((sum, load) => sum + load.acknowledged.size, 0)
      await expect.poll(given, { timeout: 120_000 }).toBeGreaterThan(20)

      const frozen = await Promise.all([
        standStill(createRandom(seed + 10), async () => stopper(two!.worker)),
        standStill(createRandom(seed + 11), async () => stopper(one!.intake)),
        standStill(createRandom(seed + 12), async () => {
          const daemon = (await sentinel?.master().catch(() => null)) ?? gateway
          return { stop: () => daemon.freeze(), go: () => daemon.thaw() }
        }),
        standStill(createRandom(seed + 13), async (n) => {
          const daemon = n % 2 === 0 ? gateway : disk
          return { stop: () => daemon.freeze(), go: () => daemon.thaw() }
        }),
      ])
      await ceph().ready()
      const refusals = (code: string): number =>
        loads.flatMap(({ refused }) => refused).filter(({ body }) => body.includes(code)).length
      await ceph().limitBytes(1)
      await expect.poll(() => refusals('NO_SPACE'), { timeout: 120_000 }).toBeGreaterThan(0)
      await ceph().limitBytes(null)
      const before = given()
      await expect.poll(given, { timeout: 120_000 }).toBeGreaterThan(before + 20)
      await Promise.all(loads.map((load) => load.stop()))
      const seen = await expectEverything(site, place, loads)
      console.log(
        `faults: FAULT_SEED=${seed}; ${seen}; SIGSTOP: worker ${frozen[0]}, intake ${frozen[1]}, Redis master ${frozen[2]}, store daemon ${frozen[3]}; full store: ${refusals('NO_SPACE')} refused`,
      )
    })
  },
)

interface Stopper {
  stop: () => void
  go: () => void
}

function stopper(unit: { signal(name: NodeJS.Signals): void }): Stopper {
  return { stop: () => unit.signal('SIGSTOP'), go: () => unit.signal('SIGCONT') }
}

async function standStill(random: Random, next: (n: number) => Promise<Stopper>): Promise<number> {
  for (let n = 0; n < freezes; n += 1) {
    await sleep(random.below(8000))
    const { stop, go } = await next(n)
    stop()
    await sleep(random.below(maxFrozenMs))
    go()
  }
  return freezes
}
