import type { Keyring } from '../keyring/keyring.ts'
import { dropName } from '../replies/drop.ts'
import type { Day } from '../time/day.ts'
import type { ReadReplyFile } from './reply-source.ts'
import { readNamedDrop, readStoredIndexes } from './stored-indexes.ts'

export interface SignedFile {
  name: string
  bytes: Uint8Array
  signature: Uint8Array
}

/**
 * What is served on one day: the indexes that a signer in force has signed, and the drops that they
 * name, newest first. A drop that is missing, or is not the one that was named, is left out.
 */
export async function readServed(
  read: ReadReplyFile,
  { keyring, day }: { keyring: Keyring; day: Day },
): Promise<{ indexes: SignedFile[]; drops: SignedFile[] }> {
  const indexes = await readStoredIndexes(read, keyring, day)
  const named = new Map(
    indexes
      .flatMap(({ index }) => index.drops)
      .toSorted((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0))
      .map((drop) => [drop.id, drop]),
  )
  const drops: SignedFile[] = []
  for (const drop of named.values()) {
    const found = await readNamedDrop(read, drop)
    if (found !== null) drops.push({ name: dropName(drop.id), ...found })
  }
  return { indexes, drops }
}
