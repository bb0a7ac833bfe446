import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import { nextSuffix, signatureSuffix } from './layout.ts'

/** Suffix of a file that is being written. Such a file counts for nothing, and is removed. */
export const partialSuffix = '.partial'

const fileMode = 0o600

/**
 * Writes a whole file under its name, with the day as its time. Its bytes are durable; its name is
 * once the folder is synced.
 */
export async function placeFile(
  { folder, name, day }: { folder: string; name: string; day: Date },
  bytes: Uint8Array,
): Promise<void> {
  const path = join(folder, name)
  const partial = path + partialSuffix
  try {
    const file = await open(partial, 'w', fileMode)
    try {
      await file.writeFile(bytes)
      await file.utimes(day, day)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw error
  }
}

interface IndexPlace {
  folder: string
  name: string
  day: Date
}

/**
 * Replaces an index and its signature as if they were one file. A crash at any step leaves either
 * the old pair or the new one: the new index takes effect at the moment when its signature gets its
 * name, and until the index has its own, readers find it under its `.next` name. The signature is
 * the first file to be written and the last to be removed, so that a `.next` index without a
 * `.next` signature is always one that has taken effect.
 */
export async function placeIndex(
  place: IndexPlace,
  { bytes, signature }: { bytes: Uint8Array; signature: Uint8Array },
): Promise<void> {
  const { folder, name, day } = place
  const { next, nextSignature, signaturePath, path } = pathsOf(place)
  await finishIndex(place)
  await placeFile({ folder, name: name + signatureSuffix + nextSuffix, day }, signature)
  await syncDirectory(folder, day)
  await placeFile({ folder, name: name + nextSuffix, day }, bytes)
  await syncDirectory(folder, day)
  await rename(nextSignature, signaturePath)
  await syncDirectory(folder, day)
  await rename(next, path)
  await syncDirectory(folder, day)
}

/** Finishes a replacement that a crash stopped, or takes it back if it has not taken effect. */
export async function finishIndex(place: IndexPlace): Promise<void> {
  const { folder, day } = place
  const { next, nextSignature, path } = pathsOf(place)
  if (await isThere(nextSignature)) {
    await rm(next, { force: true })
    await syncDirectory(folder, day)
    await rm(nextSignature, { force: true })
  } else if ((await orNull(rename(next, path))) === null) return
  await syncDirectory(folder, day)
}

/** Removes an index. Without its signature, an index counts for nothing. */
export async function removeIndex(place: IndexPlace): Promise<void> {
  const { path, signaturePath } = pathsOf(place)
  await finishIndex(place)
  await rm(signaturePath, { force: true })
  await rm(path, { force: true })
}

function pathsOf({ folder, name }: IndexPlace) {
  const path = join(folder, name)
  const signaturePath = path + signatureSuffix
  return {
    path,
    signaturePath,
    next: path + nextSuffix,
    nextSignature: signaturePath + nextSuffix,
  }
}

async function isThere(path: string): Promise<boolean> {
  const file = await orNull(open(path, 'r'))
  await file?.close()
  return file !== null
}
