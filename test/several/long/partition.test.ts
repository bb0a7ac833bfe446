import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createRandom, type Random, seedOfRun } from '../../faults/random.ts'
import { type Load, startLoad } from '../../faults/source.ts'
import type { Daemon } from '../../support/engines/daemon.ts'
import {
  type SentinelSite,
  startSentinel,
  whyNoSentinel,
} from '../../support/engines/redis-sentinel.ts'
import { expectEverything } from '../audit.ts'
import { hasCeph, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machines, openMachines } from '../machines.ts'

const freezes = 4

/** Longer than the lock of a job, a heartbeat, and what the sentinels wait for a master. */
const maxFrozenMs = 20_000

const reason = whyNoSentinel()

describe.skipIf(!hasCeph || reason !== null)(
  'when intake, worker, Redis master and store stand still under load, and then the store is full',
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
      const engines = await startSentinel()
      sentinel = engines
      const place = placeOf(ceph())
      site = await openMachines({ count: 2, place, redisUrl: engines.url })
      await site.start()
      const { gateway, disk } = ceph()
      const [one, two] = site.machines
      const loads = site.machines.map(({ socket }, n) =>
        startLoad({ socket, clients: 4, random: createRandom(seed + n) }),
      )
      await progress(loads)

      const master = (): Promise<Daemon> => engines.master()
      const intake = freezable(one!.intake)
      const worker = freezable(two!.worker)
      const frozen = await Promise.all([
        standStill(createRandom(seed + 10), async () => worker),
        standStill(createRandom(seed + 11), async () => intake),
        standStill(createRandom(seed + 12), master),
        standStill(createRandom(seed + 13), async (n) => (n % 2 === 0 ? gateway : disk)),
      ])
      await ceph().ready()
      await progress(loads)

      // The store is full while a worker and the Redis master are frozen.
      await ceph().limitBytes(1)
      const full = (): number => loads.flatMap(({ refused }) => refused).filter(isFull).length
      await Promise.all([
        expect.poll(full, { timeout: 120_000 }).toBeGreaterThan(20),
        standStill(createRandom(seed + 14), async () => worker, 1),
        standStill(createRandom(seed + 15), master, 1),
      ])
      await ceph().limitBytes(null)
      await progress(loads)

      await Promise.all(loads.map((load) => load.stop()))
      const seen = await expectEverything(site, place, loads)
      console.log(
        `faults: FAULT_SEED=${seed}; ${seen}; SIGSTOP: worker ${frozen[0] + 1}, intake ${frozen[1]}, Redis master ${frozen[2] + 1}, store daemon ${frozen[3]}; refused by the full store: ${full()}; ${Math.round((performance.now() - began) / 1000)} s`,
      )
    })
  },
)

/** Waits until the sources have got more receipts than now. */
async function progress(loads: readonly Load[]): Promise<void> {
  const given = (): number => loads.reduce((sum, load) => sum + load.acknowledged.size, 0)
  const before = given()
  await expect.poll(given, { timeout: 180_000 }).toBeGreaterThan(before + 20)
}

function isFull({ status, body }: { status: number; body: string }): boolean {
  return status === 507 && body.includes('"code":"NO_SPACE"')
}

interface Freezable {
  freeze(): void
  thaw(): void
}

function freezable(unit: { signal(name: NodeJS.Signals): void }): Freezable {
  return { freeze: () => unit.signal('SIGSTOP'), thaw: () => unit.signal('SIGCONT') }
}

/** Freezes what `next` names, again and again, each time for a random while. */
async function standStill(
  random: Random,
  next: (n: number) => Promise<Freezable>,
  times = freezes,
): Promise<number> {
  for (let n = 0; n < times; n += 1) {
    await sleep(random.below(8000))
    const part = await next(n)
    part.freeze()
    await sleep(random.below(maxFrozenMs))
    part.thaw()
  }
  return times
}
