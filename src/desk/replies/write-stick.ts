import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { replaceFile } from '../../disk/small-files.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { signMinisign } from '../../keyring/minisign.ts'
import { dropName } from '../../replies/drop.ts'
import type { ReplyIndex } from '../../replies/index-file.ts'
import { dropTrustedComment, formatIndex, indexTrustedComment } from '../../replies/index-file.ts'
import type { StickIndex } from './returned-indexes.ts'
import { repliesFolder } from './returned-indexes.ts'

const dropFile = /^([0-9a-f]{32})\.tar(?:\.minisig)?$/u

export interface WriteStick {
  folder: string
  key: SigningKey
  index: ReplyIndex
  indexName: string
  drop: { id: string; bytes: Uint8Array }
  /** Earlier drops that may have been lost on their way. */
  again: readonly { id: string; bytes: Uint8Array }[]
  /** Indexes of other desks on this stick; their drops stay. */
  others: readonly StickIndex[]
  /** Indexes of this key under a name that it no longer has. */
  stale: readonly StickIndex[]
}

/**
 * Writes `replies/` on a stick: the drops first, then the index, then its signature. Until the
 * signature fits the index, the server takes in nothing, so a stick that is pulled out early does
 * no harm.
 * @throws errors of the stick.
 */
export async function writeStick(work: WriteStick): Promise<void> {
  const { folder, key, index, drop, again } = work
  const replies = join(folder, repliesFolder)
  await makeFolder(replies, 0o777)
  for (const each of [...again, drop]) await writeDropFiles(replies, key, each)
  const bytes = formatIndex(index)
  const path = join(replies, work.indexName)
  await replaceFile(path, bytes)
  await replaceFile(
    `${path}.minisig`,
    signMinisign({ secretKey: key, message: bytes, trustedComment: indexTrustedComment(index) }),
  )
  await removeUnnamed(replies, work)
}

async function writeDropFiles(
  replies: string,
  key: SigningKey,
  { id, bytes }: WriteStick['drop'],
): Promise<void> {
  const path = join(replies, dropName(id))
  await replaceFile(path, bytes)
  await replaceFile(
    `${path}.minisig`,
    signMinisign({ secretKey: key, message: bytes, trustedComment: dropTrustedComment(id) }),
  )
}

/** Removes the drops of a run that was stopped, and indexes under an old name. */
async function removeUnnamed(replies: string, { index, others, stale }: WriteStick): Promise<void> {
  const named = new Set(
    [index, ...others.map((other) => other.index)].flatMap(({ drops }) =>
      drops.map(({ id }) => id),
    ),
  )
  for (const name of await readdir(replies)) {
    const id = dropFile.exec(name)?.[1]
    const isStale = stale.some((each) => name === each.name || name === `${each.name}.minisig`)
    if (isStale || (id !== undefined && !named.has(id)))
      await rm(join(replies, name), { force: true })
  }
  await syncDirectory(replies)
}
