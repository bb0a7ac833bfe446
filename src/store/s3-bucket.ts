import { open } from 'node:fs/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { conditionOf, type Condition, inParts } from './s3-multipart.ts'
import { asS3Error, isConditionFailure, isMissing } from './s3-errors.ts'

/** Where the objects are, and how to get at them. */
export interface S3Place {
  bucket: string
  /** Empty, or a path without a slash at either end. */
  prefix: string
  /** Null for AWS itself, whose address follows from the region. */
  endpoint: string | null
  region: string
  accessKey: string
  secretKey: string
  /** A seam for tests: the longest time that one request may take. */
  requestMs?: number
}

export interface S3Object {
  bytes: number
  modified: Date
  etag: string
}

/**
 * The requests that the store needs. Keys are relative to the prefix. Every failure is a
 * StoreError.
 */
export interface S3Bucket {
  /** The client, for the probes, which ask for more than the store needs. */
  readonly client: S3Client
  readonly place: S3Place
  head(key: string): Promise<S3Object | null>
  /** Null if the condition was not met. */
  put(key: string, bytes: Uint8Array, condition?: Condition): Promise<{ etag: string } | null>
  /** `refused`: there is such an object. */
  putFile(key: string, path: string, condition?: 'absent'): Promise<'done' | 'refused'>
  get(key: string): Promise<{ bytes: number; body: AsyncIterable<Uint8Array>; etag: string } | null>
  list(folder: string): AsyncIterable<{ name: string; bytes: number; modified: Date; etag: string }>
  copy(from: string, to: string): Promise<void>
  /** A missing object is not an error. */
  remove(key: string): Promise<void>
  /** Writes an object once more, so that its time is now; it is marked as rested. */
  rest(key: string): Promise<void>
  isRested(key: string): Promise<boolean>
}

/** One PUT up to this size; a larger file goes in parts, and a retry repeats only one of them. */
const partBytes = 16 * 1024 * 1024
/** CopyObject takes at most 5 GiB. */
const maxCopyBytes = 5 * 1024 ** 3
const copyPartBytes = 1024 ** 3

/** Metadata of an object whose time is that of a nightly round. */
const restedName = 'rested'

/** Attempts for each request, with exponential back-off, jitter and a retry budget. */
const attempts = 4
const connectMs = 3_000
/** A part of 16 MiB takes 13 s at 10 Mbit/s. */
const requestMs = 30_000

const sockets = 128

/**
 * Opens a client of the bucket. The library takes 25 packages and 35 MiB of memory, so it is loaded
 * only here.
 */
export async function openBucket(place: S3Place): Promise<S3Bucket> {
  const sdk = await import('@aws-sdk/client-s3')
  const limitMs = place.requestMs ?? requestMs
  const client = new sdk.S3Client({
    region: place.region,
    ...(place.endpoint === null ? {} : { endpoint: place.endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: place.accessKey, secretAccessKey: place.secretKey },
    maxAttempts: attempts,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: limitMs,
      throwOnRequestTimeout: true,
      socketTimeout: limitMs,
      httpAgent: { keepAlive: true, maxSockets: sockets },
      httpsAgent: { keepAlive: true, maxSockets: sockets },
    },
  })
  const Bucket = place.bucket
  const root = place.prefix === '' ? '' : `${place.prefix}/`
  const at = (key: string): { Bucket: string; Key: string } => ({ Bucket, Key: `${root}${key}` })

  const head = async (key: string): Promise<S3Object | null> => {
    const found = await orMissing(client.send(new sdk.HeadObjectCommand(at(key))))
    return found === null ? null : describe(found.ContentLength, found.LastModified, found.ETag)
  }

  const putIf = async (
    key: string,
    bytes: Uint8Array,
    headers: { IfNoneMatch?: string; IfMatch?: string },
  ): Promise<{ etag: string } | null> => {
    try {
      const { ETag = '' } = await client.send(
        new sdk.PutObjectCommand({ ...at(key), Body: bytes, ...headers }),
      )
      return { etag: ETag }
    } catch (cause) {
      const isConditional = Object.keys(headers).length > 0
      if (isConditional && (isConditionFailure(cause) || isMissing(cause))) return null
      throw asS3Error(cause)
    }
  }

  const put: S3Bucket['put'] = async (key, bytes, condition) => {
    const written = await putIf(key, bytes, conditionOf(condition))
    if (written !== null || condition === undefined || condition === 'absent') return written
    // Ceph 16 compares the header with the etag without its quotes, so the right one fails.
    return await putIf(key, bytes, { IfMatch: condition.etag.replaceAll('"', '') })
  }

  const parts = { sdk, client }

  return {
    client,
    place,
    head,
    put,
    async putFile(key, path, condition) {
      const file = await open(path, 'r')
      try {
        const { size } = await file.stat()
        const read = async (position: number, length: number): Promise<Uint8Array> => {
          const part = new Uint8Array(length)
          const { bytesRead } = await file.read(part, 0, length, position)
          return part.subarray(0, bytesRead)
        }
        if (size > partBytes)
          return await inParts({
            ...parts,
            target: at(key),
            size,
            length: partBytes,
            condition: conditionOf(condition),
            async send(upload, { start, length }) {
              const Body = await read(start, length)
              return (await client.send(new sdk.UploadPartCommand({ ...upload, Body }))).ETag
            },
          })
        return (await put(key, await read(0, size), condition)) === null ? 'refused' : 'done'
      } catch (cause) {
        throw asS3Error(cause)
      } finally {
        await file.close()
      }
    },
    async get(key) {
      const found = await orMissing(client.send(new sdk.GetObjectCommand(at(key))))
      if (found === null || found.Body === undefined) return null
      const body = found.Body as unknown as AsyncIterable<Uint8Array>
      return { bytes: found.ContentLength ?? 0, body: whole(body), etag: found.ETag ?? '' }
    },
    async *list(folder) {
      let ContinuationToken: string | undefined
      do {
        const page = await client
          .send(
            new sdk.ListObjectsV2Command({
              Bucket,
              Prefix: `${root}${folder}/`,
              ...(ContinuationToken !== undefined && { ContinuationToken }),
            }),
          )
          .catch(rethrow)
        for (const object of page.Contents ?? [])
          yield {
            name: (object.Key ?? '').slice(root.length + folder.length + 1),
            ...describe(object.Size, object.LastModified, object.ETag),
          }
        ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined
      } while (ContinuationToken !== undefined)
    },
    async copy(from, to) {
      const found = await head(from)
      const CopySource = `${Bucket}/${root}${from}`
      if (found !== null && found.bytes > maxCopyBytes) {
        await inParts({
          ...parts,
          target: at(to),
          size: found.bytes,
          length: copyPartBytes,
          async send(upload, { start, length }) {
            const CopySourceRange = `bytes=${start}-${start + length - 1}`
            const request = new sdk.UploadPartCopyCommand({
              ...upload,
              CopySource,
              CopySourceRange,
            })
            return (await client.send(request)).CopyPartResult?.ETag
          },
        })
        return
      }
      // Without the mark of `rest`, which says something about the old place.
      const copy = { ...at(to), CopySource, MetadataDirective: 'REPLACE' as const }
      await client.send(new sdk.CopyObjectCommand(copy)).catch(rethrow)
    },
    async rest(key) {
      const found = await head(key)
      // One copy takes at most 5 GiB: an object that is larger keeps its time.
      if (found === null || found.bytes > maxCopyBytes) return
      const copy = new sdk.CopyObjectCommand({
        ...at(key),
        CopySource: `${Bucket}/${root}${key}`,
        MetadataDirective: 'REPLACE',
        Metadata: { [restedName]: 'yes' },
      })
      await orMissing(client.send(copy))
    },
    async isRested(key) {
      const found = await orMissing(client.send(new sdk.HeadObjectCommand(at(key))))
      return found?.Metadata?.[restedName] === 'yes'
    },
    async remove(key) {
      await orMissing(client.send(new sdk.DeleteObjectCommand(at(key))))
    },
  }
}

function describe(
  bytes: number | undefined,
  modified: Date | undefined,
  etag: string | undefined,
): S3Object {
  return { bytes: bytes ?? 0, modified: modified ?? new Date(0), etag: etag ?? '' }
}

/** A connection that breaks in the middle of an object is a failure of the store. */
async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (cause) {
    throw asS3Error(cause)
  }
}

async function orMissing<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request
  } catch (cause) {
    if (isMissing(cause)) return null
    throw asS3Error(cause)
  }
}

function rethrow(cause: unknown): never {
  throw asS3Error(cause)
}
