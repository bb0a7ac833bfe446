import type { Prefix, Receipt } from './blob-store.ts'
import { StoreError } from './errors.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { blobKey, findHolders, setAside, verify } from './s3-objects.ts'

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
    const found = await findGood(bucket, receipt)
    if (found !== null) return 'exists'
    const outcome = await bucket.putFile(key, path, 'absent')
    // Quarantine may hold what does not have the digest of its name.
    const state = prefix === 'quarantine' ? 'good' : await verify(bucket, prefix, receipt)
    // Another machine made it at the same moment, or a worker has moved it on: look again.
    if (state === 'missing') continue
    if (state === 'wrong') {
      await setAside(bucket, prefix, receipt)
      continue
    }
    const isOurs = outcome === 'done'
    return (await dropIfMovedOn(bucket, prefix, receipt)) || !isOurs ? 'exists' : 'created'
  }
  throw new StoreError(
    'STORE_DOWN',
    'the S3 store gave back other bytes than it was sent, again and again: do not use it, and look into suspect/',
  )
}

/** The prefix under which the right bytes are; wrong ones are set aside on the way. */
async function findGood(bucket: S3Bucket, receipt: Receipt): Promise<Prefix | null> {
  for (const prefix of await findHolders(bucket, receipt)) {
    const state = await verify(bucket, prefix, receipt)
    if (state === 'good') return prefix
    if (state === 'wrong') await setAside(bucket, prefix, receipt)
  }
  return null
}

/**
 * Removes our object if the same envelope has meanwhile reached a further prefix. Asked afterwards,
 * because a copy that moves between the question and our PUT would be missed.
 */
async function dropIfMovedOn(bucket: S3Bucket, prefix: Prefix, receipt: Receipt): Promise<boolean> {
  const others = (await findHolders(bucket, receipt)).filter((holder) => holder !== prefix)
  for (const other of others) {
    if ((await verify(bucket, other, receipt)) !== 'good') continue
    await bucket.remove(blobKey(prefix, receipt))
    return true
  }
  return false
}
