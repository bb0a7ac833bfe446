import type { Keyring } from '../keyring/keyring.ts'
import { dropName } from '../replies/drop.ts'
import type { ReplyIndex } from '../replies/index-file.ts'
import type { Day } from '../time/day.ts'
import type { ReadReplyFile } from './reply-source.ts'
import {
  indexNamesOn,
  readNamedDrop,
  readStoredIndexes,
  type StoredIndex,
} from './stored-indexes.ts'

export interface SignedFile {
  name: string
  bytes: Uint8Array
  signature: Uint8Array
}

/**
 * What is served on one day: the newest index of each signer in force, and the drops that they
 * name, newest first. A drop that is missing, or is not the one that was named, is left out.
 * @param sources are asked one after the other for each drop, and all of them for each index.
 */
export async function readServed(
  sources: readonly ReadReplyFile[],
  { keyring, day }: { keyring: Keyring; day: Day },
): Promise<{ indexes: SignedFile[]; drops: SignedFile[] }> {
  const found: StoredIndex[] = []
  for (const read of sources) found.push(...(await readStoredIndexes(read, keyring, day)))
  const indexes = indexNamesOn(keyring, day).flatMap(({ keyId }) => newestOf(found, keyId))
  const named = new Map(
    indexes
      .flatMap(({ index }) => index.drops)
      .toSorted((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0))
      .map((drop) => [drop.id, drop]),
  )
  const drops: SignedFile[] = []
  for (const drop of named.values()) {
    const file = await readFirst(sources, drop)
    if (file !== null) drops.push({ name: dropName(drop.id), ...file })
  }
  return { indexes, drops }
}

function newestOf(found: readonly StoredIndex[], keyId: string): StoredIndex[] {
  return found
    .filter((index) => index.keyId === keyId)
    .toSorted((one, other) => other.index.seq - one.index.seq)
    .slice(0, 1)
}

async function readFirst(
  sources: readonly ReadReplyFile[],
  drop: ReplyIndex['drops'][number],
): Promise<Pick<SignedFile, 'bytes' | 'signature'> | null> {
  for (const read of sources) {
    const file = await readNamedDrop(read, drop)
    if (file !== null) return file
  }
  return null
}
