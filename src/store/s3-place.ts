import type { Prefix, Receipt } from './blob-store.ts'
import { StoreError } from './errors.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { WAY } from './layout.ts'
import { blobKey, setAside, verify } from './s3-objects.ts'

/** After this many objects with wrong bytes in a row the store is not trusted with the envelope. */
const maxRounds = 3

/**
 * Puts the file at `path` into the store under its receipt, reads it back, and resolves only when
 * the bytes that were read have that digest. An object that is there already is read instead.
 */
export async function placeFile(
  bucket: S3Bucket,
  { path, prefix, receipt }: { path: string; prefix: Prefix; receipt: Receipt },
): Promise<'created' | 'exists'> {
  const key = blobKey(prefix, receipt)
  for (let round = 0; round < maxRounds; round += 1) {
    const before = await stateOf(bucket, prefix, receipt)
    // Only quarantine may hold what does not have the digest of its name.
    if (before === 'good') return 'exists'
    if (before === 'wrong') await setAside(bucket, prefix, receipt)
    const outcome = await bucket.putFile(key, path, 'absent')
    // Asked after our PUT: what moves on between a question and our PUT would be missed.
    const [state, further] = await Promise.all([
      prefix === 'quarantine' ? 'good' : verify(bucket, prefix, receipt),
      findFurther(bucket, prefix, receipt),
    ])
    if (state === 'wrong') await setAside(bucket, prefix, receipt)
    if (further !== null) {
      await bucket.remove(key)
      return 'exists'
    }
    if (state === 'good') return outcome === 'done' ? 'created' : 'exists'
    // If it is missing, a worker has moved it on and it is found there in the next round.
  }
  throw new StoreError(
    'STORE_DOWN',
    'the S3 store gave back other bytes than it was sent, again and again: do not use it, and look into suspect/',
  )
}

async function stateOf(
  bucket: S3Bucket,
  prefix: Prefix,
  receipt: Receipt,
): Promise<'good' | 'wrong' | 'missing'> {
  if ((await bucket.head(blobKey(prefix, receipt))) === null) return 'missing'
  return prefix === 'quarantine' ? 'good' : await verify(bucket, prefix, receipt)
}

/**
 * Another prefix that holds the right bytes; objects with wrong bytes are set aside. The prefixes
 * are searched in the order in which blobs move, so that a blob that moves meanwhile is found.
 */
async function findFurther(
  bucket: S3Bucket,
  prefix: Prefix,
  receipt: Receipt,
): Promise<Prefix | null> {
  for (const other of WAY) {
    if (other === prefix) continue
    const state = await stateOf(bucket, other, receipt)
    if (state === 'good') return other
    if (state === 'wrong') await setAside(bucket, other, receipt)
  }
  return null
}
