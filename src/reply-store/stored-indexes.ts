import { createHash } from 'node:crypto'
import { maxSignatureFileBytes } from '../keyring/bounds.ts'
import { MinisignError } from '../keyring/errors.ts'
import { signersOn } from '../keyring/in-force.ts'
import type { Keyring, SignerEntry } from '../keyring/keyring.ts'
import { formatKeyId, parsePublicKey } from '../keyring/minisign.ts'
import { verifyMinisignWithNoble } from '../keyring/verify-noble.ts'
import { dropBytes, maxIndexBytes } from '../replies/bounds.ts'
import { dropName } from '../replies/drop.ts'
import { ReplyError } from '../replies/errors.ts'
import { indexFileName, parseIndex, type ReplyIndex } from '../replies/index-file.ts'
import type { Day } from '../time/day.ts'
import { maxIndexes, nextSuffix, signatureSuffix } from './layout.ts'
import type { ReadReplyFile } from './reply-source.ts'

export interface StoredIndex {
  signer: SignerEntry
  keyId: string
  /** The name that the keyring gives this index today. */
  name: string
  /** The name that it has on the disk, which may come from an older keyring. */
  foundAs: string
  index: ReplyIndex
  bytes: Uint8Array
  signature: Uint8Array
}

/** The name of the index of each signer in force, in the order of the keyring. */
export function indexNamesOn(
  keyring: Keyring,
  day: Day,
): { signer: SignerEntry; keyId: string; name: string }[] {
  return signersOn(keyring, 'acknowledgement', day)
    .slice(0, maxIndexes)
    .map((signer, position) => {
      const keyId = formatKeyId(parsePublicKey(signer.public_key).keyId)
      return { signer, keyId, name: indexFileName(position === 0 ? null : keyId) }
    })
}

/**
 * The indexes that signers in force have signed, in the order of the keyring. The name of a file
 * proves nothing, so the signature decides whose index it is.
 */
export async function readStoredIndexes(
  read: ReadReplyFile,
  keyring: Keyring,
  day: Day,
): Promise<StoredIndex[]> {
  const found: StoredIndex[] = []
  for (const named of indexNamesOn(keyring, day)) {
    const own = await readIndexOf(read, named)
    if (own !== null) found.push({ ...named, ...own })
  }
  return found
}

type ReadIndex = Pick<StoredIndex, 'foundAs' | 'index' | 'bytes' | 'signature'>

/** The newest index of one signer, under any of the names that it may have. */
async function readIndexOf(
  read: ReadReplyFile,
  { signer, keyId }: { signer: SignerEntry; keyId: string },
): Promise<ReadIndex | null> {
  let newest: ReadIndex | null = null
  for (const name of [indexFileName(null), indexFileName(keyId)]) {
    // The second pair is that of an index whose signature has its place already.
    for (const file of [name, name + nextSuffix]) {
      const pair = await readPair(read, file, name + signatureSuffix)
      const index = pair === null ? null : indexSignedBy(signer, pair)
      if (pair !== null && index !== null && index.seq > (newest?.index.seq ?? 0))
        newest = { ...pair, index, foundAs: name }
    }
  }
  return newest
}

async function readPair(
  read: ReadReplyFile,
  file: string,
  signatureFile: string,
): Promise<{ bytes: Uint8Array; signature: Uint8Array } | null> {
  const bytes = await read(file, maxIndexBytes)
  const signature = bytes === null ? null : await read(signatureFile, maxSignatureFileBytes)
  return bytes === null || signature === null ? null : { bytes, signature }
}

function indexSignedBy(
  signer: SignerEntry,
  { bytes, signature }: { bytes: Uint8Array; signature: Uint8Array },
): ReplyIndex | null {
  try {
    // The page's verifier: an index that the page does not believe is not served either.
    verifyMinisignWithNoble({
      publicKey: parsePublicKey(signer.public_key),
      message: bytes,
      signature,
    })
    return parseIndex(bytes)
  } catch (error) {
    if (error instanceof MinisignError || error instanceof ReplyError) return null
    throw error
  }
}

/** A drop with the digest and length that an index names; null if it is missing or another. */
export async function readNamedDrop(
  read: ReadReplyFile,
  { id, bytes: length, sha256 }: ReplyIndex['drops'][number],
): Promise<{ bytes: Uint8Array; signature: Uint8Array } | null> {
  const bytes = await read(dropName(id), dropBytes)
  if (bytes === null || bytes.length !== length || digestOf(bytes) !== sha256) return null
  const signature = await read(dropName(id) + signatureSuffix, maxSignatureFileBytes)
  return signature === null ? null : { bytes, signature }
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
