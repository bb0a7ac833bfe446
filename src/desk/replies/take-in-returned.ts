import type { Keyring } from '../../keyring/keyring.ts'
import type { Day } from '../../time/day.ts'
import { finishReplies } from '../custody/finish-replies.ts'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor } from '../custody/record.ts'
import { readStickIndexes, takeInIndexes } from './returned-indexes.ts'
import { readTrips, removeDrops, saveReplyBook } from './trip-files.ts'

export interface Returned {
  /** Number of answers that are published now and were not before. */
  published: number
  /** Indexes that are not believed, one sentence each. */
  problems: string[]
}

/**
 * Reads the indexes that came back with exports: the drops that they name are published.
 * @throws errors of the casebook's disk.
 */
export async function takeInReturned(
  actor: Actor,
  folders: readonly string[],
  known: { keyring: Keyring; day: Day },
): Promise<Returned> {
  const found = await Promise.all(
    folders.map((folder) => readStickIndexes(folder, known.keyring, known.day)),
  )
  const problems = found.flatMap((each) => each.problems)
  const published = await withCasebookLock(actor.casebook, async () => {
    await finishReplies(actor.casebook)
    const { trips, book, problems: damaged } = await readTrips(actor.casebook)
    problems.push(...damaged)
    if (damaged.length > 0) return 0
    const indexes = found.flatMap((each) => each.indexes)
    const taken = takeInIndexes(book, indexes)
    if (taken === book) return 0
    await saveReplyBook(actor, taken, 'indexes that came back')
    await removeDrops(actor.casebook, (drop) => taken.published[drop] === undefined)
    const fresh = trips.filter(
      ({ drop }) => taken.published[drop] !== undefined && book.published[drop] === undefined,
    )
    return new Set(fresh.flatMap(({ messages }) => messages)).size
  })
  return { published, problems }
}
