import { createHash, randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { makeFolder } from '../../disk/make-folder.ts'
import { readBounded, writeNewFile } from '../../disk/small-files.ts'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import { schemaProblem } from '../../keyring/schema-problem.ts'
import { withCasebookLock } from '../custody/lock.ts'
import { publishLogged } from '../custody/publish-logged.ts'
import type { Actor, CustodyEntry } from '../custody/record.ts'
import { maxReplyBookBytes, maxTripBytes } from '../files/bounds.ts'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'
import { parseJsonFile, readCasebookFile } from '../files/read-file.ts'
import type { Trips } from '../files/trip.ts'
import { emptyReplyBook, ReplyBook, Trip } from '../files/trip.ts'
import { count } from '../../text/count.ts'

const tripName = /^[0-9a-f]{32}\.json$/u
const atOnce = 32

export interface ReadTrips extends Trips {
  /** Files that cannot be read, one sentence each. */
  readonly problems: readonly string[]
}

/**
 * Reads `replies/` of a casebook. Damaged files are reported and left out; only errors of the disk
 * are thrown.
 */
export async function readTrips(casebook: string): Promise<ReadTrips> {
  const { replies, replyBook } = layoutOf(casebook)
  const problems: string[] = []
  const read = async <T>(path: string, schema: TSchema, maxBytes: number): Promise<T | null> => {
    const found = await readRecord<T>(path, schema, maxBytes)
    if (typeof found !== 'string') return found
    problems.push(`replies/${path.slice(replies.length + 1)} ${found}`)
    return null
  }
  const book = (await read<ReplyBook>(replyBook, ReplyBook, maxReplyBookBytes)) ?? emptyReplyBook
  const names = (await namesIn(replies)).filter((name) => tripName.test(name))
  const trips: Trip[] = []
  for (let start = 0; start < names.length; start += atOnce)
    for (const trip of await Promise.all(
      names
        .slice(start, start + atOnce)
        .map((name) => read<Trip>(join(replies, name), Trip, maxTripBytes)),
    ))
      if (trip !== null) trips.push(trip)
  return { book, trips: trips.sort((a, b) => a.number - b.number), problems }
}

/** The record, null when there is none, or what is wrong with it. */
async function readRecord<T>(
  path: string,
  schema: TSchema,
  maxBytes: number,
): Promise<T | string | null> {
  try {
    const bytes = await readCasebookFile(path, maxBytes)
    if (bytes === null) return null
    const value = parseJsonFile(bytes)
    const problem = schemaProblem(schema, value)
    return problem === null ? (value as T) : `does not fit: ${problem}`
  } catch (error) {
    if (error instanceof CasebookError) return error.message
    throw error
  }
}

/** Replaces `replies/book.json`, durably and with a line in the custody log. */
export async function saveReplyBook(actor: Actor, book: ReplyBook, reason: string): Promise<void> {
  await save(actor, 'book.json', formatJsonDocument(book), {
    action: 'replies_changed',
    item: 'replies/book.json',
    reason,
  })
}

/**
 * Records a trip whose stick was synced: from now on its answers are on the stick. The drop itself
 * is kept until an index that names it comes back.
 */
export async function saveTrip(actor: Actor, trip: Trip, drop: Uint8Array): Promise<void> {
  const { replies } = layoutOf(actor.casebook)
  await makeFolder(replies, 0o700)
  await writeNewFile(join(replies, `${trip.drop}.tar`), drop)
  await save(actor, `${trip.drop}.json`, formatJsonDocument(trip), {
    action: 'drop_written',
    item: `replies/${trip.drop}.json`,
    reason: `index ${trip.seq} of key ${trip.key}; ${count(trip.messages.length, 'answer')}, ${count(trip.opened.length, 'tip')} reported as opened`,
  })
}

async function save(
  actor: Actor,
  name: string,
  bytes: Uint8Array,
  entry: Omit<CustodyEntry, 'sha256'>,
): Promise<void> {
  const { replies } = layoutOf(actor.casebook)
  await makeFolder(replies, 0o700)
  const temporary = join(replies, `.${name}.${randomBytes(6).toString('hex')}.tmp`)
  await withCasebookLock(actor.casebook, async () => {
    await writeNewFile(temporary, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const target = join(replies, name)
    await publishLogged(actor, [{ temporary, target, entry: { ...entry, sha256 } }])
  })
}

/** The drops of some trips, without those that are gone or changed. */
export async function readDrops(
  casebook: string,
  trips: readonly Trip[],
): Promise<{ id: string; bytes: Uint8Array }[]> {
  const { replies } = layoutOf(casebook)
  const found: { id: string; bytes: Uint8Array }[] = []
  for (const { drop: id, bytes: length, sha256 } of trips) {
    const bytes = await readBounded(join(replies, `${id}.tar`), length)
    if (bytes !== null && createHash('sha256').update(bytes).digest('hex') === sha256)
      found.push({ id, bytes })
  }
  return found
}

/** Deletes drops that no later stick needs: those that are published or lost. */
export async function removeDrops(casebook: string, isNeeded: (id: string) => boolean) {
  const { replies } = layoutOf(casebook)
  for (const name of await namesIn(replies))
    if (/^[0-9a-f]{32}\.tar$/u.test(name) && !isNeeded(name.slice(0, 32)))
      await rm(join(replies, name), { force: true })
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}
