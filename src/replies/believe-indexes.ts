import { ReplyError } from './errors.ts'
import type { IndexedDrop, ReplyIndex } from './index-file.ts'
import { parseIndex } from './index-file.ts'
import { isNewerIndex } from './judge-index.ts'

/** An index as it was served. */
export interface ServedIndex {
  bytes: Uint8Array
  /** The `.minisig` file. */
  signature: Uint8Array
}

/**
 * Reads the indexes that were signed by a signer in force, one for each signer: of two by the same
 * signer, the one with the higher number.
 * @param verify the signer's key id, or null if the signature is not by a signer in force.
 */
export function believeIndexes(
  served: readonly ServedIndex[],
  verify: (index: ServedIndex) => string | null,
): ReplyIndex[] {
  const newest = new Map<string, ReplyIndex>()
  for (const each of served) {
    // The signature is checked before the bytes are parsed.
    const signer = verify(each)
    const index = signer === null ? null : parseOrNull(each.bytes)
    if (signer === null || index === null) continue
    if (isNewerIndex(index, newest.get(signer) ?? null)) newest.set(signer, index)
  }
  return [...newest.values()]
}

/** Every drop that an index names, oldest first. */
export function dropsOf(indexes: readonly ReplyIndex[]): IndexedDrop[] {
  const named = new Map<string, IndexedDrop>()
  for (const { drops } of indexes)
    for (const drop of drops) named.set(`${drop.id} ${drop.sha256}`, drop)
  return [...named.values()].toSorted(
    (a, b) => compare(a.day, b.day) || compare(a.id, b.id) || compare(a.sha256, b.sha256),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function parseOrNull(bytes: Uint8Array): ReplyIndex | null {
  try {
    return parseIndex(bytes)
  } catch (error) {
    if (error instanceof ReplyError) return null
    throw error
  }
}
