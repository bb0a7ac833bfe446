import { readdir } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'
import { isActiveOn } from '../keyring/in-force.ts'
import type { Keyring } from '../keyring/keyring.ts'
import { formatKeyId, parsePublicKey } from '../keyring/minisign.ts'
import { maxIndexBytes } from '../replies/bounds.ts'
import { indexFileName } from '../replies/index-file.ts'
import type { SharedFolder } from '../store/s3-folder.ts'
import { dropIdOf, isIndexName } from './layout.ts'
import { storedFiles } from './reply-source.ts'
import { fileInPair, pairNameOf, sharedFiles } from './shared-files.ts'
import { namedDrops } from './tidy.ts'

/**
 * How long an object must be unneeded before it is removed: another machine may be about to write
 * the index that names it. If it took longer, it writes the drop again in its next round.
 */
export const unneededMs = 60 * 60_000

interface Looked {
  keyring: Keyring
  day: string
  held: ReadonlyMap<string, string>
}

/**
 * Creates the removal of shared answers that nobody needs: drops that no index names, here or in
 * the store, and the indexes of desks that were retired. While an index cannot be read, nothing is
 * removed.
 */
export function createSharedTidy(options: {
  shared: SharedFolder
  folder: string
  monotonicMs: () => number
}): (looked: Looked) => Promise<void> {
  let unneededSince = new Map<string, number>()
  return async (looked) => {
    const now = options.monotonicMs()
    const unneeded = await findUnneeded(options, looked)
    unneededSince = new Map(unneeded.map((name) => [name, unneededSince.get(name) ?? now]))
    for (const [name, since] of unneededSince)
      if (now - since >= unneededMs) await options.shared.remove(name)
  }
}

async function findUnneeded(
  { shared, folder }: { shared: SharedFolder; folder: string },
  { keyring, day, held }: Looked,
): Promise<string[]> {
  const retired = retiredIndexNames(keyring, day)
  const files = [...held.keys()].map(fileInPair).filter((name) => name !== null)
  const indexes = files.filter(isIndexName)
  const isKept = (index: string): boolean => !retired.has(index)
  const here = await namedDrops(storedFiles(folder), await indexesIn(folder))
  if (here === null) return []
  const drops = files.filter((name) => !isIndexName(name) && !here.has(dropIdOf(name) ?? ''))
  const named = drops.length === 0 ? here : await namedInStore(shared, indexes.filter(isKept))
  if (named === null) return []
  return [
    ...indexes.filter((index) => !isKept(index)),
    ...drops.filter((name) => !named.has(dropIdOf(name) ?? '')),
  ].map(pairNameOf)
}

/** Null if an index cannot be read. */
async function namedInStore(
  shared: SharedFolder,
  indexes: readonly string[],
): Promise<Set<string> | null> {
  const read = sharedFiles(shared)
  for (const index of indexes) if ((await read(index, maxIndexBytes)) === null) return null
  return await namedDrops(read, indexes)
}

async function indexesIn(folder: string): Promise<string[]> {
  return ((await orNull(readdir(folder))) ?? []).filter(isIndexName)
}

/** Names of the indexes of desks that the keyring knows, and that are not in force. */
function retiredIndexNames(keyring: Keyring, day: string): Set<string> {
  const keyIds = (isActive: boolean): string[] =>
    keyring.signers
      .filter((signer) => signer.purpose === 'acknowledgement')
      .filter((signer) => isActiveOn(signer, day) === isActive)
      .map((signer) => formatKeyId(parsePublicKey(signer.public_key).keyId))
  const active = new Set(keyIds(true))
  return new Set(
    keyIds(false)
      .filter((id) => !active.has(id))
      .map(indexFileName),
  )
}
