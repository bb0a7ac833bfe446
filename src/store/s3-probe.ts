import { randomBytes } from 'node:crypto'
import { StoreError } from './errors.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { asS3Error, nameOf, statusOf } from './s3-errors.ts'

/** What the server was seen to do. */
export interface BucketTraits {
  /** Whether PUT honours `If-None-Match: *` and `If-Match`. Without it no lease can be held. */
  hasConditions: boolean
}

/**
 * Checks that the bucket can hold envelopes: it exists, a PUT is seen by the next request, and
 * nothing keeps old versions, whose times nobody could remove.
 * @throws StoreError `UNFIT` with the way out; `STORE_DOWN` if the server does not answer.
 */
export async function probeBucket(
  bucket: S3Bucket,
  { isCreated }: { isCreated: boolean },
): Promise<BucketTraits> {
  await requireBucket(bucket, isCreated)
  for (const check of [refuseVersions, refuseLocks, refuseReplication, refuseExpiry])
    await check(bucket)
  return await tryWrites(bucket)
}

async function requireBucket({ client, place }: S3Bucket, isCreated: boolean): Promise<void> {
  const { HeadBucketCommand, CreateBucketCommand } = await import('@aws-sdk/client-s3')
  const Bucket = place.bucket
  try {
    await client.send(new HeadBucketCommand({ Bucket }))
  } catch (cause) {
    if (statusOf(cause) !== 404) throw await explain({ client, place }, cause)
    if (!isCreated)
      throw unfit(`there is no bucket ${Bucket}: make it, or set TUMEN_S3_CREATE_BUCKET=yes`)
    await client.send(new CreateBucketCommand({ Bucket })).catch((failure: unknown) => {
      if (!nameOf(failure).startsWith('BucketAlready')) throw asS3Error(failure)
    })
  }
}

/** The answer to a HEAD has no body, so it does not say why it refuses; that to a GET does. */
async function explain(
  { client, place }: Pick<S3Bucket, 'client' | 'place'>,
  cause: unknown,
): Promise<StoreError> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3')
  const list = new ListObjectsV2Command({ Bucket: place.bucket, MaxKeys: 1 })
  return await client.send(list).then(() => asS3Error(cause), asS3Error)
}

/** A suspended bucket writes delete markers, which hold a time as well. */
async function refuseVersions({ client, place }: S3Bucket): Promise<void> {
  const { GetBucketVersioningCommand } = await import('@aws-sdk/client-s3')
  const answer = await orAbsent(
    'versioning',
    's3:GetBucketVersioning',
    client.send(new GetBucketVersioningCommand({ Bucket: place.bucket })),
  )
  const status = answer?.Status
  if (status === 'Enabled' || status === 'Suspended')
    throw unfit(
      `the bucket ${place.bucket} keeps versions (${status}), so what is deleted stays, with its time: make a new bucket without versioning`,
    )
}

async function refuseLocks({ client, place }: S3Bucket): Promise<void> {
  const { GetObjectLockConfigurationCommand } = await import('@aws-sdk/client-s3')
  const answer = await orAbsent(
    'Object Lock',
    's3:GetBucketObjectLockConfiguration',
    client.send(new GetObjectLockConfigurationCommand({ Bucket: place.bucket })),
  )
  if (answer?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled')
    throw unfit(
      `the bucket ${place.bucket} has Object Lock, so nothing in it can be deleted: make a new bucket without it`,
    )
}

async function refuseReplication({ client, place }: S3Bucket): Promise<void> {
  const { GetBucketReplicationCommand } = await import('@aws-sdk/client-s3')
  const answer = await orAbsent(
    'replication',
    's3:GetReplicationConfiguration',
    client.send(new GetBucketReplicationCommand({ Bucket: place.bucket })),
  )
  const rules = answer?.ReplicationConfiguration?.Rules ?? []
  if (rules.some(({ Status }) => Status === 'Enabled'))
    throw unfit(
      `the bucket ${place.bucket} is replicated, so a copy of each envelope stays elsewhere, with its time: remove the replication rules`,
    )
}

/** A rule that only removes unfinished uploads is allowed. */
async function refuseExpiry({ client, place }: S3Bucket): Promise<void> {
  const { GetBucketLifecycleConfigurationCommand } = await import('@aws-sdk/client-s3')
  const answer = await orAbsent(
    'lifecycle rules',
    's3:GetLifecycleConfiguration',
    client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: place.bucket })),
  )
  const isExpiring = (answer?.Rules ?? []).some(
    ({ Status, Expiration, Transitions = [] }) =>
      Status === 'Enabled' && (Expiration !== undefined || Transitions.length > 0),
  )
  if (isExpiring)
    throw unfit(
      `the bucket ${place.bucket} has a lifecycle rule that deletes or moves objects by their age: remove it, because tips are deleted by retention alone`,
    )
}

/** Null if the server has no such configuration, or does not know of any. */
async function orAbsent<T>(what: string, right: string, request: Promise<T>): Promise<T | null> {
  try {
    return await request
  } catch (cause) {
    const status = statusOf(cause)
    if (status === 403)
      throw unfit(`whether the bucket has ${what} cannot be seen: give the key the right ${right}`)
    if (status !== null && [400, 404, 405, 501].includes(status)) return null
    throw asS3Error(cause)
  }
}

async function tryWrites(bucket: S3Bucket): Promise<BucketTraits> {
  // The name is random, so that two machines that start together do not disturb each other.
  const key = `probe/${randomBytes(16).toString('hex')}`
  const bytes = randomBytes(64)
  let traits: BucketTraits
  try {
    await bucket.put(key, bytes)
    const seen = await bucket.head(key)
    if (seen === null || seen.bytes !== bytes.length)
      throw unfit('the store does not show an object right after it was written: use another one')
    if (!(await holds(bucket, key, bytes)))
      throw unfit('the store gives back other bytes than it was sent: use another one')
    const again = await bucket.put(key, randomBytes(64), 'absent')
    const other = await bucket.put(key, bytes, { etag: '"00000000000000000000000000000000"' })
    // A server may report a refusal and write nevertheless, or the other way round.
    const isUnchanged = await holds(bucket, key, bytes)
    const same = await bucket.put(key, bytes, { etag: seen.etag })
    traits = { hasConditions: again === null && other === null && same !== null && isUnchanged }
  } finally {
    await bucket.remove(key).catch(() => {})
  }
  if ((await bucket.head(key)) !== null)
    throw unfit(
      'the store still shows an object that was deleted: look for versions, locks and rights to delete',
    )
  return traits
}

async function holds(bucket: S3Bucket, key: string, bytes: Uint8Array): Promise<boolean> {
  const found = await bucket.get(key)
  return found !== null && Buffer.concat(await Array.fromAsync(found.body)).equals(bytes)
}

function unfit(message: string): StoreError {
  return new StoreError('UNFIT', message)
}
