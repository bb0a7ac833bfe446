import { afterEach } from 'vitest'
import { createRandom, type Random, seedOfRun } from '../faults/random.ts'
import { type Load, startLoad } from '../faults/source.ts'
import type { CephGateway } from '../support/engines/ceph.ts'
import {
  type SentinelSite,
  startSentinel,
  whyNoSentinel,
} from '../support/engines/redis-sentinel.ts'
import { expectEverything } from './audit.ts'
import { hasCeph, placeOf, useCeph } from './ceph-for-file.ts'
import { type Machine, openMachines } from './machines.ts'

export const canLoadMachines = hasCeph && whyNoSentinel() === null

/** Two machines on one store and one Redis with sentinels, and sources that send to each machine. */
export interface LoadedMachines {
  one: Machine
  two: Machine
  sentinel: SentinelSite
  ceph: CephGateway
  loads: readonly Load[]
  /** A stream of its own for each number. */
  random: (stream: number) => Random
  /**
   * Waits for the store, stops the sources and checks every promise.
   * @returns a line with the seed, what was found, `done` and the seconds since the start
   */
  finish: (done: string) => Promise<string>
}

/** Returns a function that starts everything; it ends after the test. */
export function useLoadedMachines(): () => Promise<LoadedMachines> {
  const useGateway = useCeph()
  const ends: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end()
  })

  return async () => {
    const seed = seedOfRun()
    const began = performance.now()
    const ceph = useGateway()
    const sentinel = await startSentinel()
    ends.push(() => sentinel.dispose())
    const place = placeOf(ceph)
    const site = await openMachines({ count: 2, place, redisUrl: sentinel.url })
    ends.push(() => site.dispose())
    await site.start()
    const [one, two] = site.machines
    const loads = site.machines.map(({ socket }, n) =>
      startLoad({ socket, clients: 4, random: createRandom(seed + n) }),
    )
    return {
      one: one!,
      two: two!,
      sentinel,
      ceph,
      loads,
      random: (stream) => createRandom(seed + 10 + stream),
      finish: async (done) => {
        await ceph.ready()
        await Promise.all(loads.map((load) => load.stop()))
        const found = await expectEverything(site, place, loads)
        const seconds = Math.round((performance.now() - began) / 1000)
        return `faults: FAULT_SEED=${seed}; ${found}; ${done}; ${seconds} s`
      },
    }
  }
}
