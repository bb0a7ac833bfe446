import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { readOnStick } from '../carry/open-on-stick.ts'
import { CarryError } from '../carry/errors.ts'
import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { readAtMost } from '../disk/small-files.ts'
import { ReplyStoreError } from './errors.ts'
import { isIndexName, maxIndexes, maxNames } from './layout.ts'

/**
 * Reads a file of a folder of answers: at most `maxBytes + 1` bytes, null if there is no such file.
 */
export type ReadReplyFile = (name: string, maxBytes: number) => Promise<Uint8Array | null>

/** Reads the data folder without changing the times of its files. */
export function storedFiles(folder: string): ReadReplyFile {
  return async (name, maxBytes) => {
    const file = await orNull(openUnseen(join(folder, name)))
    return file === null ? null : await readAtMost(file, maxBytes)
  }
}

/** Reads a folder that came from outside: plain files only, and no links. */
export function carriedFiles(folder: string): ReadReplyFile {
  return async (name, maxBytes) => {
    try {
      return await readOnStick(join(folder, name), maxBytes)
    } catch (cause) {
      if (!(cause instanceof CarryError)) throw cause
      throw new ReplyStoreError('NOT_A_FILE', `replies/${name}: ${cause.message}`, cause)
    }
  }
}

/**
 * Names of the indexes in a folder that came from outside, sorted; empty if there is no folder.
 * @throws ReplyStoreError `NOT_A_FILE` for a link in place of the folder, `TOO_MANY`.
 */
export async function listCarriedIndexes(folder: string): Promise<string[]> {
  const stat = await orNull(lstat(folder))
  if (stat === null) return []
  if (!stat.isDirectory())
    throw new ReplyStoreError('NOT_A_FILE', 'replies is no folder: look at how this stick was made')
  const names: string[] = []
  let count = 0
  for await (const { name } of await opendir(folder)) {
    count += 1
    if (count > maxNames)
      throw new ReplyStoreError('TOO_MANY', `replies holds more than ${maxNames} files: empty it`)
    if (isIndexName(name)) names.push(name)
  }
  if (names.length > maxIndexes)
    throw new ReplyStoreError(
      'TOO_MANY',
      `replies holds ${names.length} indexes, and at most ${maxIndexes} are read: remove those of desks that are no more`,
    )
  return names.sort()
}
