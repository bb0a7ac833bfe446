import { createHash } from 'node:crypto'
import type { Primitives } from '../../age/primitives.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { signersOn } from '../../keyring/keyring.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { formatKeyId, formatPublicKeyLine } from '../../keyring/minisign.ts'
import { dropBytes } from '../../replies/bounds.ts'
import type { ReplyIndex } from '../../replies/index-file.ts'
import { indexFileName } from '../../replies/index-file.ts'
import type { MadeDrop } from '../../replies/make-drop.ts'
import { makeDrop } from '../../replies/make-drop.ts'
import { tipEdition } from '../../tip/schema-id.ts'
import type { Day } from '../../time/day.ts'
import { finishReplies } from '../custody/finish-replies.ts'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor } from '../custody/record.ts'
import { CasebookError } from '../files/errors.ts'
import { loadViews } from '../view/load-views.ts'
import type { Outgoing } from './collect.ts'
import { collectOutgoing } from './collect.ts'
import { dropsToName, tripsToBring } from './index-drops.ts'
import { noteKeyring, olderKeyrings } from './keyrings-seen.ts'
import { readReplySettings } from './reply-settings.ts'
import type { StickIndex } from './returned-indexes.ts'
import { readStickIndexes, takeInIndexes } from './returned-indexes.ts'
import type { Trip, Trips } from '../files/trip.ts'
import { maxOpenedInTrip } from '../files/trip.ts'
import { readDrops, readTrips, removeDrops, saveReplyBook, saveTrip } from './trip-files.ts'
import { writeStick } from './write-stick.ts'

export interface BringReplies {
  actor: Actor
  /** The export's folder on the stick. */
  folder: string
  key: SigningKey
  keyring: Keyring
  /** SHA-256 of `keyring.json`. */
  fingerprint: string
  /** SHA-256 of `organisation.json`, if there is one. */
  organisation: string | null
  day: Day
  primitives: Primitives
}

export interface BroughtReplies {
  drop: string
  seq: number
  sent: readonly string[]
  repeated: readonly string[]
  waiting: readonly string[]
  /** Number of sources who learn that staff opened what they sent. */
  opened: number
  problems: readonly string[]
}

/**
 * Writes the trip's one drop and the index of the desk's key onto a stick. The number of the index
 * is used up first, and the answers count as being on the stick only after the stick was synced, so
 * a desk that is stopped anywhere sends them again and never uses a number twice.
 * @throws CasebookError; errors of the stick and of the casebook's disk.
 */
export async function bringReplies(work: BringReplies): Promise<BroughtReplies> {
  const { actor } = work
  return await withCasebookLock(actor.casebook, async () => {
    const settings = await readReplySettings(actor.casebook)
    const { trips, stick, seq } = await beginTrip(work)
    const { views } = await loadViews(actor.casebook, actor.now())
    const next = trips.book.trips
    const outgoing = collectOutgoing({ ...work, views, trips, next, ...settings })
    const id = Buffer.from(work.primitives.randomBytes(16)).toString('hex')
    const made = await makeDrop(work.primitives, {
      id,
      day: work.day,
      messages: outgoing.messages,
      opened: outgoing.opened.map(({ tagKey }) => tagKey),
    })
    const trip = tripOf(work, { id, seq, number: next, made, outgoing })
    const again = await readDrops(actor.casebook, tripsToBring(trips, trip.key, next))
    const index = indexOf(work, { trips, trip, again, closed: settings.closed })
    const name = indexNameOf(work)
    await writeStick({
      ...work,
      index,
      indexName: name,
      drop: { id, bytes: made.bytes },
      again,
      others: stick.filter(({ keyId }) => keyId !== trip.key),
      stale: stick.filter((each) => each.keyId === trip.key && each.name !== name),
    })
    await saveTrip(actor, trip, made.bytes)
    const kept = new Set(tripsToBring(trips, trip.key, next + 1).map(({ drop }) => drop))
    await removeDrops(actor.casebook, (drop) => drop === id || kept.has(drop))
    return {
      drop: id,
      seq,
      sent: made.sent,
      repeated: made.repeated,
      waiting: made.waiting,
      opened: made.openedCount,
      problems: outgoing.problems,
    }
  })
}

/** Takes in what came back with the stick, and uses up the number of the next index. */
async function beginTrip(
  work: BringReplies,
): Promise<{ trips: Trips; stick: readonly StickIndex[]; seq: number }> {
  const { actor, folder, keyring, day } = work
  // A run that was stopped may have used up a number that only the custody log records.
  await finishReplies(actor.casebook)
  const { trips, book: before, problems } = await readTrips(actor.casebook)
  if (problems.length > 0)
    throw new CasebookError(
      'FILE_DAMAGED',
      `${problems[0]}: restore it from a backup of the casebook`,
    )
  const { indexes } = await readStickIndexes(folder, keyring, day)
  const taken = takeInIndexes(noteKeyring(before, work), indexes)
  const keyId = formatKeyId(work.key.publicKey.keyId)
  const known = taken.keys[keyId] ?? { seq: 1, drops: [] }
  // The ceremony wrote number 1. On a stick that this desk wrote itself, the number counts as well.
  const seq = Math.max(1, known.seq) + 1
  const book = {
    ...taken,
    trips: taken.trips + 1,
    keys: { ...taken.keys, [keyId]: { ...known, seq } },
  }
  await saveReplyBook(actor, book, `index ${seq} of key ${keyId}`)
  return { trips: { trips, book }, stick: indexes, seq }
}

function tripOf(
  { key, day }: BringReplies,
  facts: { id: string; seq: number; number: number; made: MadeDrop; outgoing: Outgoing },
): Trip {
  const { id, seq, number, made, outgoing } = facts
  return {
    schema: 'tumen-trip/1',
    drop: id,
    key: formatKeyId(key.publicKey.keyId),
    number,
    seq,
    day,
    bytes: dropBytes,
    sha256: createHash('sha256').update(made.bytes).digest('hex'),
    messages: [...made.sent, ...made.repeated],
    opened: outgoing.opened
      .slice(0, made.openedCount)
      .flatMap(({ receipts }) => receipts)
      .slice(0, maxOpenedInTrip),
  }
}

function indexOf(
  { keyring, fingerprint, organisation, day }: BringReplies,
  facts: { trips: Trips; trip: Trip; again: readonly { id: string }[]; closed: readonly string[] },
): ReplyIndex {
  const { trips, trip, closed } = facts
  const again = new Set(facts.again.map(({ id }) => id))
  const { drop: id, bytes, sha256, seq } = trip
  return {
    format: 'tumen-replies',
    version: 1,
    day,
    seq,
    reads: tipEdition,
    keyring: {
      sha256: fingerprint,
      issued: keyring.issued,
      older: olderKeyrings(trips.book, fingerprint),
    },
    organisation,
    closed: [...closed],
    drops: [{ id, day, bytes, sha256 }, ...dropsToName(trips, trip.key, { day, again })],
  }
}

/** The first acknowledgement signer in force has `index.json`, each further one its own name. */
function indexNameOf({ keyring, key, day }: BringReplies): string {
  const [first] = signersOn(keyring, 'acknowledgement', day)
  const isFirst = first?.public_key === formatPublicKeyLine(key.publicKey)
  return indexFileName(isFirst ? null : formatKeyId(key.publicKey.keyId))
}
