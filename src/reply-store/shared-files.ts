import { indexFileName } from '../replies/index-file.ts'
import type { SharedFolder } from '../store/s3-folder.ts'
import { baseOf, dropIdOf, isIndexName, nextSuffix, signatureSuffix } from './layout.ts'
import type { ReadReplyFile } from './reply-source.ts'
import { maxPairBytes, type SignedPair, unpackPair } from './signed-pair.ts'

/** `index-<key id>.json.pair.tar` or `<drop id>.tar.pair.tar`: a file with its signature. */
const pairSuffix = '.pair.tar'

/** The name of the object that holds a file and its signature. */
export function pairNameOf(fileName: string): string {
  return fileName + pairSuffix
}

/** The file in the object of this name; null for an object that is not one of the answers. */
export function fileInPair(objectName: string): string | null {
  if (!objectName.endsWith(pairSuffix)) return null
  const name = objectName.slice(0, -pairSuffix.length)
  return isIndexName(name) || dropIdOf(name) !== null ? name : null
}

export async function readPair(folder: SharedFolder, fileName: string): Promise<SignedPair | null> {
  const archive = await folder.read(pairNameOf(fileName), maxPairBytes)
  return archive === null ? null : unpackPair(fileName, archive)
}

/**
 * Reads the answers that all machines share. Each index is there under the name of its key alone,
 * because two machines may have different keyrings for a while. Each object is asked for once: a
 * file and its signature are always of one state, as long as they are read one after the other.
 * @throws StoreError if the store does not answer.
 */
export function sharedFiles(folder: SharedFolder): ReadReplyFile {
  let last: { name: string; pair: Promise<SignedPair | null> } | null = null
  return async (name, maxBytes) => {
    const base = baseOf(name)
    if (base === indexFileName(null) || name.endsWith(nextSuffix)) return null
    if (last?.name !== base) last = { name: base, pair: readPair(folder, base) }
    const pair = await last.pair
    const bytes = name.endsWith(signatureSuffix) ? pair?.signature : pair?.bytes
    return bytes?.subarray(0, maxBytes + 1) ?? null
  }
}
