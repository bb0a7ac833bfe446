import { setTimeout as sleep } from 'node:timers/promises'
import type { TestRedis } from '../support/redis.ts'
import type { Random } from './random.ts'
import type { Unit } from './site.ts'

/**
 * Kills a process repeatedly at random moments, one in four times while it is starting, and
 * restarts it at once.
 */
export async function killUnit(
  unit: Unit,
  options: { times: number; random: Random; maxLifeMs: number },
): Promise<number> {
  let kills = 0
  for (; kills < options.times; kills += 1) {
    if (options.random.below(4) > 0) await unit.untilReady()
    await sleep(options.random.below(options.maxLifeMs))
    await unit.kill()
    unit.start()
  }
  return kills
}

export interface RedisFaults {
  kills: number
  wipes: number
  freezes: number
}

/** Kills Redis, restarts it with an empty folder, or freezes it, in random order. */
export async function faultRedis(
  redis: TestRedis,
  options: RedisFaults & { random: Random; maxLifeMs: number },
): Promise<RedisFaults> {
  const { kills, wipes, freezes, random } = options
  const plan = shuffle(
    [...fill('kill', kills - wipes), ...fill('wipe', wipes), ...fill('freeze', freezes)],
    random,
  )
  const done: RedisFaults = { kills: 0, wipes: 0, freezes: 0 }
  for (const fault of plan) {
    await sleep(random.below(options.maxLifeMs))
    if (fault === 'freeze') {
      redis.freeze()
      await sleep(random.between(100, 2500))
      redis.thaw()
      done.freezes += 1
      continue
    }
    await (fault === 'wipe' ? redis.restartEmpty() : redis.restart())
    done.kills += 1
    if (fault === 'wipe') done.wipes += 1
  }
  return done
}

function fill<T extends string>(value: T, count: number): T[] {
  return Array.from({ length: count }, () => value)
}

function shuffle<T>(items: T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.below(2 ** 30) }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}
