import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import { ReplyError } from '../replies/errors.ts'
import { maxIndexBytes } from '../replies/bounds.ts'
import { parseIndex } from '../replies/index-file.ts'
import { baseOf, dropIdOf, isIndexName, signatureSuffix } from './layout.ts'
import { finishIndex, partialSuffix } from './place-files.ts'
import { type ReadReplyFile, storedFiles } from './reply-source.ts'

/**
 * Finishes what a crash left open, and removes the drops that no index names. Whose index it is
 * makes no difference here: a drop is removed only if not even an index of a retired desk names it,
 * and none at all while an index cannot be read.
 */
export async function tidyReplies(folder: string, day: Date): Promise<void> {
  const names = await orNull(readdir(folder))
  if (names === null) return
  for (const name of names) {
    if (name.endsWith(partialSuffix)) await rm(join(folder, name), { force: true })
    const base = baseOf(name)
    if (name !== base && isIndexName(base)) await finishIndex({ folder, name: base, day })
  }
  await removeUnnamed(folder, names.map(baseOf))
  hideDirectoryTime(folder, day)
}

async function removeUnnamed(folder: string, bases: readonly string[]): Promise<void> {
  const named = await namedDrops(storedFiles(folder), new Set(bases.filter(isIndexName)))
  if (named === null) return
  for (const base of new Set(bases)) {
    const id = dropIdOf(base)
    if (id === null || named.has(id)) continue
    await rm(join(folder, base), { force: true })
    await rm(join(folder, base + signatureSuffix), { force: true })
  }
}

/** The ids of all drops that these indexes name; null if an index cannot be read. */
export async function namedDrops(
  read: ReadReplyFile,
  indexes: Iterable<string>,
): Promise<Set<string> | null> {
  const ids = new Set<string>()
  for (const name of indexes) {
    const bytes = await read(name, maxIndexBytes)
    if (bytes === null) continue
    try {
      for (const { id } of parseIndex(bytes).drops) ids.add(id)
    } catch (error) {
      if (error instanceof ReplyError) return null
      throw error
    }
  }
  return ids
}
