import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Random } from '../../faults/random.ts'
import type { Load } from '../../faults/source.ts'
import type { Daemon } from '../../support/engines/daemon.ts'
import { canLoadMachines, useLoadedMachines } from '../loaded-machines.ts'

const freezes = 4

/** Longer than the lock of a job, a heartbeat, and what the sentinels wait for a master. */
const maxFrozenMs = 20_000

describe.skipIf(!canLoadMachines)(
  'when intake, worker, Redis master and store stand still under load, and then the store is full',
  () => {
    const start = useLoadedMachines()

    it('has every envelope with a receipt in the store once, byte for byte', {
      timeout: 1_200_000,
    }, async () => {
      const { one, two, sentinel, ceph, loads, random, finish } = await start()
      await progress(loads)

      const master = (): Promise<Daemon> => sentinel.master()
      const intake = freezable(one.intake)
      const worker = freezable(two.worker)
      const frozen = await Promise.all([
        standStill(random(0), async () => worker),
        standStill(random(1), async () => intake),
        standStill(random(2), master),
        standStill(random(3), async (n) => (n % 2 === 0 ? ceph.gateway : ceph.disk)),
      ])
      await ceph.ready()
      await progress(loads)

      // The store is full while a worker and the Redis master are frozen.
      await ceph.limitBytes(1)
      const full = (): number => loads.flatMap(({ refused }) => refused).filter(isFull).length
      await Promise.all([
        expect.poll(full, { timeout: 120_000 }).toBeGreaterThan(20),
        standStill(random(4), async () => worker, 1),
        standStill(random(5), master, 1),
      ])
      await ceph.limitBytes(null)
      await progress(loads)

      console.log(
        await finish(
          `SIGSTOP: worker ${frozen[0] + 1}, intake ${frozen[1]}, Redis master ${frozen[2] + 1}, store daemon ${frozen[3]}; refused by the full store: ${full()}`,
        ),
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
