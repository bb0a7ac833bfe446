import { createHash } from 'node:crypto'
import type { Prefix, Receipt } from './blob-store.ts'
import { StoreError } from './errors.ts'
import { isReceipt, WAY } from './layout.ts'
import type { S3Bucket } from './s3-bucket.ts'

/** Where objects go whose bytes are not those of their name. Nothing reads from it. */
export const suspectFolder = 'suspect'

/** How many objects may wait in `suspect/` under one name; further ones are removed. */
const maxSuspects = 16

export type Way = (typeof WAY)[number]

/**
 * The key of a blob. A receipt becomes part of a key, so only 64 hex digits are accepted.
 * @throws StoreError `INVALID_RECEIPT`.
 */
export function blobKey(folder: Prefix, receipt: Receipt): string {
  if (!isReceipt(receipt))
    throw new StoreError('INVALID_RECEIPT', 'receipt must be 64 lower-case hex digits')
  return `${folder}/${receipt}`
}

/**
 * The prefixes that hold a blob. All are asked at once. If none seems to hold it, they are asked
 * one after the other in the order in which blobs move: a move copies before it removes, so a blob
 * that is being moved is always found.
 */
export async function findHolders(bucket: S3Bucket, receipt: Receipt): Promise<Way[]> {
  const atOnce = await Promise.all(
    WAY.map(async (prefix) => (await bucket.head(blobKey(prefix, receipt))) !== null),
  )
  const found = WAY.filter((_prefix, index) => atOnce[index])
  return found.length > 0 ? found : await findInOrder(bucket, receipt)
}

async function findInOrder(bucket: S3Bucket, receipt: Receipt): Promise<Way[]> {
  const holders: Way[] = []
  for (const prefix of WAY)
    if ((await bucket.head(blobKey(prefix, receipt))) !== null) holders.push(prefix)
  return holders
}

/**
 * Reads an object back and compares its SHA-256 with its name. A server may have stored other bytes
 * than it was sent, so nothing else proves that an envelope is there.
 */
export async function verify(
  bucket: S3Bucket,
  prefix: Prefix,
  receipt: Receipt,
): Promise<'good' | 'wrong' | 'missing'> {
  const found = await bucket.get(blobKey(prefix, receipt))
  if (found === null) return 'missing'
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of found.body) {
    hash.update(piece)
    bytes += piece.length
  }
  if (bytes !== found.bytes)
    throw new StoreError('STORE_DOWN', 'the S3 store sent less of an object than it announced')
  return hash.digest('hex') === receipt ? 'good' : 'wrong'
}

/**
 * Moves an object with wrong bytes out of the way, where ops sees it and nobody reads it. It is
 * neither overwritten nor lost: it may show what happened.
 */
export async function setAside(bucket: S3Bucket, prefix: Prefix, receipt: Receipt): Promise<void> {
  const key = blobKey(prefix, receipt)
  for (let n = 1; n <= maxSuspects; n += 1) {
    const target = `${suspectFolder}/${receipt}${n === 1 ? '' : `.${n}`}`
    if ((await bucket.head(target)) !== null) continue
    await bucket.copy(key, target)
    break
  }
  await bucket.remove(key)
}

/** Number of objects in `suspect/`. */
export async function countSuspects(bucket: S3Bucket): Promise<number> {
  let count = 0
  for await (const _object of bucket.list(suspectFolder)) count += 1
  return count
}
