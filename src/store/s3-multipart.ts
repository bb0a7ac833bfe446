import type { S3Client } from '@aws-sdk/client-s3'
import { asS3Error, isConditionFailure } from './s3-errors.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

/** `absent`: only if there is no such object. An etag: only if the object still has it. */
export type Condition = 'absent' | { etag: string }

export function conditionOf(condition?: Condition): { IfNoneMatch?: string; IfMatch?: string } {
  if (condition === undefined) return {}
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag }
}

/** S3 takes at most 10,000 parts. */
const maxParts = 9_000

interface PartTarget {
  Bucket: string
  Key: string
  UploadId: string | undefined
  PartNumber: number
}

export interface Multipart {
  sdk: Sdk
  client: S3Client
  target: { Bucket: string; Key: string }
  size: number
  /** Bytes of a part; more if there would be too many parts. */
  length: number
  /** Not every server honours it here: Ceph 16 overwrites. */
  condition?: { IfNoneMatch?: string; IfMatch?: string }
  /** @returns the etag of the part. */
  send: (part: PartTarget, range: { start: number; length: number }) => Promise<string | undefined>
}

/**
 * Makes one object of parts, one after the other. After a failure nothing of it remains, unless the
 * server cannot be reached to remove it.
 * @throws StoreError.
 */
export async function inParts(options: Multipart): Promise<'done' | 'refused'> {
  const { sdk, client, target, condition = {} } = options
  let upload: { UploadId: string | undefined } | null = null
  try {
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(target))
    upload = { UploadId }
    const Parts = await sendAll(options, UploadId)
    const whole = { ...target, UploadId, MultipartUpload: { Parts }, ...condition }
    await client.send(new sdk.CompleteMultipartUploadCommand(whole))
    return 'done'
  } catch (cause) {
    if (upload !== null)
      await client
        .send(new sdk.AbortMultipartUploadCommand({ ...target, ...upload }))
        .catch(() => {})
    if (Object.keys(condition).length > 0 && isConditionFailure(cause)) return 'refused'
    throw asS3Error(cause)
  }
}

async function sendAll(
  { target, size, length: least, send }: Multipart,
  UploadId: string | undefined,
): Promise<{ ETag: string | undefined; PartNumber: number }[]> {
  const length = Math.max(least, Math.ceil(size / maxParts))
  const parts: { ETag: string | undefined; PartNumber: number }[] = []
  for (let start = 0; start < size; start += length) {
    const PartNumber = parts.length + 1
    const range = { start, length: Math.min(length, size - start) }
    parts.push({ ETag: await send({ ...target, UploadId, PartNumber }, range), PartNumber })
  }
  return parts
}
