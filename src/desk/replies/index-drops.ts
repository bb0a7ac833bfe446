import { maxDropAgeDays, maxDropsInIndex } from '../../replies/bounds.ts'
import type { IndexedDrop } from '../../replies/index-file.ts'
import type { Day } from '../../time/day.ts'
import { addDays } from '../../time/day.ts'
import type { Trip, Trips } from '../files/trip.ts'
import { isLostAt } from '../files/trip.ts'

/**
 * The drops of this key that its next index names besides the new one, newest first: those that are
 * published, also by another casebook with the same key, and those that the stick brings again. No
 * other drop is named, because the server refuses an index that names a drop it never got.
 */
export function dropsToName(
  { trips, book }: Trips,
  key: string,
  next: { day: Day; again: ReadonlySet<string> },
): IndexedDrop[] {
  const own = trips.filter((trip) => trip.key === key)
  const named = own
    .filter(({ drop }) => book.published[drop] !== undefined || next.again.has(drop))
    .map(dropOf)
  const known = new Set(own.map(({ drop }) => drop))
  const others = (book.keys[key]?.drops ?? []).filter(({ id }) => !known.has(id))
  const oldest = addDays(next.day, -maxDropAgeDays)
  return (
    [...others, ...named]
      .toReversed()
      .filter(({ day }) => day >= oldest && day <= next.day)
      .toSorted((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0))
      // One place is for the new drop.
      .slice(0, maxDropsInIndex - 1)
  )
}

/** Trips whose drops may have been lost on their way: the next stick brings them again. */
export function tripsToBring({ trips, book }: Trips, key: string, number: number): Trip[] {
  return trips.filter(
    (trip) =>
      trip.key === key && book.published[trip.drop] === undefined && !isLostAt(trip, book, number),
  )
}

function dropOf({ drop, day, bytes, sha256 }: Trip): IndexedDrop {
  return { id: drop, day, bytes, sha256 }
}
