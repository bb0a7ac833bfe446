import { CarryError } from '../carry/errors.ts'
import { verifySigner } from '../carry/signer.ts'
import { maxSignatureFileBytes } from '../keyring/bounds.ts'
import type { Keyring, SignerEntry } from '../keyring/keyring.ts'
import { formatKeyId, parsePublicKey } from '../keyring/minisign.ts'
import { verifyMinisignWithNoble } from '../keyring/verify-noble.ts'
import { dropBytes, maxIndexBytes } from '../replies/bounds.ts'
import { dropName } from '../replies/drop.ts'
import { ReplyError } from '../replies/errors.ts'
import { parseIndex, type ReplyIndex } from '../replies/index-file.ts'
import type { Day } from '../time/day.ts'
import { ReplyStoreError, type ReplyStoreErrorCode } from './errors.ts'
import { signatureSuffix } from './layout.ts'
import type { ReadReplyFile } from './reply-source.ts'
import {
  digestOf,
  indexNamesOn,
  readNamedDrop,
  readStoredIndexes,
  type StoredIndex,
} from './stored-indexes.ts'

/** One index that may be taken in, with the drops that are not here yet. */
export interface Arrival {
  signer: SignerEntry
  keyId: string
  /** The name that the keyring gives this index today. */
  name: string
  index: ReplyIndex
  bytes: Uint8Array
  signature: Uint8Array
  drops: { name: string; bytes: Uint8Array; signature: Uint8Array }[]
}

export interface ArrivalParts {
  /** Reads what came from outside. */
  carried: ReadReplyFile
  /** Reads what is here. */
  stored: ReadReplyFile
  keyring: Keyring
  day: Day
}

export interface SignedIndexFile {
  signer: SignerEntry
  keyId: string
  bytes: Uint8Array
  signature: Uint8Array
}

/**
 * The first check: whose index it is. No other part of the file is read before it.
 * @throws ReplyStoreError `UNSIGNED`, `SIGNER_UNKNOWN` or `SIGNATURE_INVALID`.
 */
export async function readSignedIndex(
  { carried, keyring, day }: ArrivalParts,
  fileName: string,
): Promise<SignedIndexFile> {
  const bytes = await carried(fileName, maxIndexBytes)
  const signature = await carried(fileName + signatureSuffix, maxSignatureFileBytes)
  if (bytes === null || signature === null)
    throw refuse(
      'UNSIGNED',
      `replies/${fileName}${bytes === null ? '' : signatureSuffix} is missing: acknowledge again on the desk`,
    )
  const { signer } = verify({ bytes, signature }, { keyring, day }, fileName)
  const keyId = formatKeyId(parsePublicKey(signer.public_key).keyId)
  return { signer, keyId, bytes, signature }
}

/**
 * The other checks, in this order: the number is higher than the last one taken in, the day is not
 * in the future, and every named drop is here or was carried here, whole and signed.
 * @returns `unchanged` if this very index is here already.
 * @throws ReplyStoreError that says which check failed and what to do.
 */
export async function checkArrival(
  parts: ArrivalParts,
  fileName: string,
  signed: SignedIndexFile,
): Promise<Arrival | 'unchanged'> {
  const { keyring, day, stored } = parts
  const index = parseSigned(signed.bytes, fileName)
  const here = await readStoredIndexes(stored, keyring, day)
  const last = here.find(({ keyId }) => keyId === signed.keyId)
  if (last !== undefined && digestOf(last.bytes) === digestOf(signed.bytes)) return 'unchanged'
  if (last !== undefined && index.seq <= last.index.seq)
    throw refuse(
      'NOT_NEWER',
      `replies/${fileName} has the number ${index.seq}, and number ${last.index.seq} of ${signed.signer.name} was taken in before: this stick is an old one. Bring the newest. If the desk itself was restored from a backup: export, open on the desk, and acknowledge again`,
    )
  if (index.day > day)
    throw refuse(
      'DAY_TO_COME',
      `replies/${fileName} is of ${index.day}, and here it is ${day}: compare the clocks of desk and server ("date -u"), and acknowledge again`,
    )
  const name = indexNamesOn(keyring, day).find(({ keyId }) => keyId === signed.keyId)?.name
  if (name === undefined)
    throw refuse('TOO_MANY', 'the keyring has too many acknowledgement signers: retire some')
  refuseForeignDrops(
    index,
    here.filter(({ keyId }) => keyId !== signed.keyId),
  )
  return { ...signed, name, index, drops: await gatherDrops(parts, index) }
}

/** One desk must not replace a drop of another one. */
function refuseForeignDrops(index: ReplyIndex, others: readonly StoredIndex[]): void {
  const taken = new Map(
    others.flatMap((other) => other.index.drops.map(({ id, sha256 }) => [id, sha256] as const)),
  )
  const clash = index.drops.find(({ id, sha256 }) => (taken.get(id) ?? sha256) !== sha256)
  if (clash !== undefined)
    throw refuse(
      'DROP_CHANGED',
      `${dropName(clash.id)} is a drop of another desk here, with other bytes: acknowledge again on the desk`,
    )
}

async function gatherDrops(parts: ArrivalParts, index: ReplyIndex): Promise<Arrival['drops']> {
  const drops: Arrival['drops'] = []
  for (const named of index.drops) {
    if ((await readNamedDrop(parts.stored, named)) !== null) continue
    drops.push(await readCarriedDrop(parts, named))
  }
  return drops
}

async function readCarriedDrop(
  { carried, keyring, day }: ArrivalParts,
  { id, bytes: length, sha256 }: ReplyIndex['drops'][number],
): Promise<Arrival['drops'][number]> {
  const name = dropName(id)
  const again = 'acknowledge again on the desk'
  const bytes = await carried(name, dropBytes)
  if (bytes === null)
    throw refuse('DROP_MISSING', `replies/${name} is neither here nor on the stick: ${again}`)
  if (bytes.length !== length || digestOf(bytes) !== sha256)
    throw refuse(
      'DROP_CHANGED',
      `replies/${name} is not what the index names (length or digest): the stick is damaged, or somebody changed it; ${again} onto another stick`,
    )
  const signature = await carried(name + signatureSuffix, maxSignatureFileBytes)
  if (signature === null)
    throw refuse('DROP_UNSIGNED', `replies/${name}${signatureSuffix} is missing: ${again}`)
  verify({ bytes, signature }, { keyring, day }, name)
  return { name, bytes, signature }
}

function verify(
  signed: { bytes: Uint8Array; signature: Uint8Array },
  { keyring, day }: { keyring: Keyring; day: Day },
  fileName: string,
): { signer: SignerEntry } {
  try {
    // The page's verifier: what it would refuse must be refused here first, where staff see it.
    return verifySigner(signed, keyring, 'acknowledgement', day, verifyMinisignWithNoble)
  } catch (cause) {
    if (!(cause instanceof CarryError)) throw cause
    const code = cause.code === 'SIGNER_UNKNOWN' ? cause.code : 'SIGNATURE_INVALID'
    const wayOut = code === 'SIGNER_UNKNOWN' ? '' : ': acknowledge again on the desk'
    throw refuse(code, `replies/${fileName}: ${cause.message}${wayOut}`, cause)
  }
}

function parseSigned(bytes: Uint8Array, fileName: string): ReplyIndex {
  try {
    return parseIndex(bytes)
  } catch (cause) {
    if (!(cause instanceof ReplyError)) throw cause
    throw refuse(
      'INDEX_INVALID',
      `replies/${fileName}: ${cause.message}. If the desk has a newer version of Tumen, upgrade this server too`,
      cause,
    )
  }
}

function refuse(code: ReplyStoreErrorCode, message: string, cause?: unknown): ReplyStoreError {
  return new ReplyStoreError(code, message, cause)
}
