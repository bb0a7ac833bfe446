import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import { shuffle } from '../src/store/shuffle.ts'
import type { StoredToday } from '../src/store/stored-today.ts'
import type { Clock } from '../src/time/clock.ts'
import { dayOfInstant, midnightOf } from '../src/time/day.ts'

/** Moves in progress at the same time. */
const concurrency = 8

export interface NightOptions {
  /** The shared store itself, not the view of its readers. */
  store: BlobStore
  stored: StoredToday
  clock: Clock
  /** Removes the times of what else was written on earlier days; see `restEarlierDays`. */
  rest: (midnight: Date) => Promise<void>
  /** Whether this machine may still move: the lease may have been lost. */
  mayMove: () => boolean
  isStopping?: () => boolean
}

/**
 * Creates the nightly round: everything that was stored on an earlier day moves from `incoming` to
 * `sealed`, in random order. A store writes the time of each change, so afterwards the times reveal
 * only the day. It runs again until nothing of an earlier day is left.
 * @returns a function that resolves to how many were moved.
 */
export function createNightlyMove(options: NightOptions): () => Promise<number> {
  let doneOn: string | null = null
  let restedOn: string | null = null
  return async () => {
    const today = dayOfInstant(options.clock.now())
    if (doneOn === today || !options.mayMove()) return 0
    const { due, waiting } = await findDue(options)
    const moved = await moveAll(options, shuffle(due))
    if (restedOn !== today) await options.rest(midnightOf(options.clock.now()))
    restedOn = today
    if (moved === due.length && waiting === 0) doneOn = today
    return moved
  }
}

/** Something that is due once a day. */
export function createDaily(clock: Clock): { isDue: () => boolean; done: () => void } {
  let doneOn: string | null = null
  return {
    isDue: () => doneOn !== dayOfInstant(clock.now()),
    done: () => {
      doneOn = dayOfInstant(clock.now())
    },
  }
}

/** `waiting`: envelopes of an earlier day that no worker has stored yet. */
async function findDue({
  store,
  stored,
  clock,
}: NightOptions): Promise<{ due: Receipt[]; waiting: number }> {
  const midnight = midnightOf(clock.now()).getTime()
  const earlier: Receipt[] = []
  for await (const { receipt, day } of store.list('incoming'))
    if (day.getTime() < midnight) earlier.push(receipt)
  const known = await stored.among(earlier)
  const due = earlier.filter((receipt) => known.has(receipt))
  return { due, waiting: earlier.length - due.length }
}

async function moveAll(options: NightOptions, receipts: readonly Receipt[]): Promise<number> {
  const { store, stored, mayMove, isStopping } = options
  const failures: unknown[] = []
  const pending = receipts.values()
  let moved = 0
  const work = async (): Promise<void> => {
    for (const receipt of pending) {
      if (!mayMove() || isStopping?.() === true) return
      try {
        await store.move(receipt, 'incoming', 'sealed')
        await stored.forget([receipt])
        moved += 1
      } catch (cause) {
        failures.push(cause)
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  if (failures.length > 0) throw failures[0]
  return moved
}
