import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CarryError } from '../../carry/errors.ts'
import { readOnStick } from '../../carry/open-on-stick.ts'
import { verifySigner } from '../../carry/signer.ts'
import { maxSignatureFileBytes } from '../../keyring/bounds.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { formatKeyId, parsePublicKey } from '../../keyring/minisign.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'
import { dropName } from '../../replies/drop.ts'
import { ReplyError } from '../../replies/errors.ts'
import type { ReplyIndex } from '../../replies/index-file.ts'
import { maxIndexBytes, parseIndex } from '../../replies/index-file.ts'
import type { Day } from '../../time/day.ts'
import type { ReplyBook } from '../files/trip.ts'

export const repliesFolder = 'replies'
/** A keyring has fewer desks; a prepared stick may have any number of files. */
const maxIndexes = 64
const indexName = /^index(?:-[0-9A-Fa-f]{16})?\.json$/u

/** An index on a stick, signed by a desk of the keyring. */
export interface StickIndex {
  name: string
  keyId: string
  index: ReplyIndex
  /**
   * Listed drops that are not on the stick themselves. The server exports indexes without drops, so
   * a drop next to its index has not left the desk yet.
   */
  elsewhere: ReadonlySet<string>
}

/**
 * Reads the indexes on a stick. One that is not signed by an acknowledgement signer in force, or
 * that cannot be read, is not believed; `problems` says so.
 */
export async function readStickIndexes(
  folder: string,
  keyring: Keyring,
  day: Day,
): Promise<{ indexes: StickIndex[]; problems: string[] }> {
  const path = join(folder, repliesFolder)
  const names = await readdir(path).catch(() => [])
  const present = new Set(names)
  const indexes: StickIndex[] = []
  const problems: string[] = []
  for (const name of names
    .filter((each) => indexName.test(each))
    .sort()
    .slice(0, maxIndexes)) {
    const found = await readIndex(join(path, name), keyring, day)
    if (typeof found === 'string') problems.push(`${repliesFolder}/${name}: ${found}`)
    else {
      const listed = found.index.drops.map(({ id }) => id)
      const elsewhere = new Set(listed.filter((id) => !present.has(dropName(id))))
      indexes.push({ name, ...found, elsewhere })
    }
  }
  return { indexes, problems }
}

async function readIndex(
  path: string,
  keyring: Keyring,
  day: Day,
): Promise<Pick<StickIndex, 'keyId' | 'index'> | string> {
  try {
    const bytes = await readOnStick(path, maxIndexBytes)
    const signature = await readOnStick(`${path}.minisig`, maxSignatureFileBytes)
    if (bytes === null || signature === null) return 'its signature is missing'
    const { signer } = verifySigner(
      { bytes, signature },
      keyring,
      'acknowledgement',
      day,
      verifyMinisignWithNoble,
    )
    const keyId = formatKeyId(parsePublicKey(signer.public_key).keyId)
    return { keyId, index: parseIndex(bytes) }
  } catch (error) {
    if (error instanceof CarryError || error instanceof ReplyError) return error.message
    throw error
  }
}

/**
 * What a desk learns from indexes that came back: which of its drops are published, and the highest
 * number of each key, so that no later index is lower.
 * @returns the same book if there is nothing new.
 */
export function takeInIndexes(book: ReplyBook, indexes: readonly StickIndex[]): ReplyBook {
  return indexes.reduce(takeInIndex, book)
}

function takeInIndex(book: ReplyBook, { keyId, index, elsewhere }: StickIndex): ReplyBook {
  const known = book.keys[keyId] ?? { seq: 0, drops: [] }
  const fresh = index.drops.filter(
    ({ id }) => elsewhere.has(id) && book.published[id] === undefined,
  )
  // Number 1 is the ceremony's, and says nothing new.
  if (fresh.length === 0 && index.seq <= Math.max(known.seq, 1)) return book
  return {
    ...book,
    published: {
      ...book.published,
      ...Object.fromEntries(fresh.map(({ id }) => [id, index.day])),
    },
    keys: {
      ...book.keys,
      [keyId]: {
        seq: Math.max(known.seq, index.seq),
        drops:
          index.seq < known.seq ? known.drops : index.drops.filter(({ id }) => elsewhere.has(id)),
      },
    },
  }
}
