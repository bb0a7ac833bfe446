import { readdir } from 'node:fs/promises'
import { makeFolder } from '../disk/make-folder.ts'
import type { Keyring } from '../keyring/keyring.ts'
import { indexFileName } from '../replies/index-file.ts'
import { type Clock } from '../time/clock.ts'
import { dayOfInstant, midnightOf } from '../time/day.ts'
import type { Arrival } from './check-arrival.ts'
import { isIndexName, signatureSuffix } from './layout.ts'
import { placeFile, placeIndex, removeIndex } from './place-files.ts'
import { storedFiles } from './reply-source.ts'
import { readStoredIndexes, type StoredIndex } from './stored-indexes.ts'
import { tidyReplies } from './tidy.ts'

/**
 * Writes a checked index and its drops into the data folder. `placeIndex` syncs the folder first,
 * so the drops are durable before the index names them. An old drop is removed only after the index
 * that named it is gone. A crash at any step leaves the old answers or the new ones; taking in the
 * same again finishes the work.
 * @throws the system's error if the disk fails; the old answers stay.
 */
export async function takeIn(
  arrival: Arrival,
  { folder, keyring, clock }: { folder: string; keyring: Keyring; clock: Clock },
): Promise<void> {
  const day = midnightOf(clock.now())
  await makeFolder(folder, 0o700)
  for (const { name, bytes, signature } of arrival.drops) {
    await placeFile({ folder, name: name + signatureSuffix, day }, signature)
    await placeFile({ folder, name, day }, bytes)
  }
  const here = await readStoredIndexes(storedFiles(folder), keyring, dayOfInstant(clock.now()))
  const others = here.filter(({ keyId }) => keyId !== arrival.keyId)
  const place = (index: Named): Promise<void> =>
    placeIndex({ folder, name: index.name, day }, index)
  // A new keyring may give other names. The index that has to leave `index.json` is copied before
  // another one takes that name.
  for (const other of others)
    if (other.foundAs === firstName && isMisnamed(other)) await place(other)
  await place(arrival)
  for (const other of others)
    if (other.foundAs !== firstName && isMisnamed(other)) await place(other)
  await removeAllBut([...others, arrival], { folder, day })
  await tidyReplies(folder, day)
}

type Named = Pick<StoredIndex, 'name' | 'bytes' | 'signature'>

const firstName = indexFileName(null)

function isMisnamed({ foundAs, name }: StoredIndex): boolean {
  return foundAs !== name
}

/** Removes second copies of an index, and the indexes of desks that were retired. */
async function removeAllBut(
  kept: readonly Named[],
  { folder, day }: { folder: string; day: Date },
): Promise<void> {
  const names = new Set(kept.map(({ name }) => name))
  for (const name of await readdir(folder))
    if (isIndexName(name) && !names.has(name)) await removeIndex({ folder, name, day })
}
