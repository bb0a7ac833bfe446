import { addDays, dayOfInstant, isDay } from '../time/day.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { asS3Error } from './s3-errors.ts'
import { openSharedFolder, type SharedFolder } from './s3-folder.ts'
import { suspectFolder } from './s3-objects.ts'
import { shuffle } from './shuffle.ts'

/**
 * Folders whose objects are written at the moment when something happens: an envelope is refused, a
 * stick is taken in, a canary is sent. The nightly move writes those of `sealed`.
 */
const folders = ['quarantine', 'collected', suspectFolder, 'canary']

/** The object `rested/day` holds the day of the last whole round, as text. */
const noteFolder = 'rested'
const noteName = 'day'
const dayBytes = 10

export interface RestOptions {
  bucket: S3Bucket
  midnight: Date
  /** Whether this machine may still do so: the lease may have been lost. */
  mayGoOn: () => boolean
}

/**
 * Once a day, removes what reveals more about earlier days than the day itself: writes objects once
 * more, in random order, and removes abandoned multipart uploads, whose times would remain. Each
 * object is queried in its first nights only, so a night costs one listing and what is new.
 */
export async function restEarlierDays(options: RestOptions): Promise<void> {
  const { bucket, midnight, mayGoOn } = options
  await abortParts(options)
  for await (const { name, modified } of bucket.list('probe'))
    if (modified < midnight && mayGoOn()) await bucket.remove(`probe/${name}`)
  const note = openSharedFolder(bucket, noteFolder)
  const since = await firstUnrested(note, midnight)
  const due: string[] = []
  for (const folder of folders)
    for await (const { name, modified } of bucket.list(folder))
      if (modified >= since && modified < midnight && !(await bucket.isRested(`${folder}/${name}`)))
        due.push(`${folder}/${name}`)
  for (const key of shuffle(due)) {
    if (!mayGoOn()) return
    await bucket.rest(key)
  }
  if (mayGoOn()) await note.write(noteName, Buffer.from(dayOfInstant(midnight)))
}

/**
 * Objects with an earlier time are at rest: the last whole round wrote all others once more. One
 * day is added because clocks differ, and because a multipart upload may have the time of its
 * start.
 */
async function firstUnrested(note: SharedFolder, midnight: Date): Promise<Date> {
  const day = Buffer.from((await note.read(noteName, dayBytes)) ?? []).toString('latin1')
  // A day in the future was written by a wrong clock.
  if (!isDay(day) || day > dayOfInstant(midnight)) return new Date(0)
  return new Date(`${addDays(day, -1)}T00:00:00Z`)
}

/** A killed process leaves the parts that it has sent, and the second at which it started. */
async function abortParts({ bucket, midnight, mayGoOn }: RestOptions): Promise<void> {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import(
    '@aws-sdk/client-s3'
  )
  const { client, place } = bucket
  const Prefix = place.prefix === '' ? '' : `${place.prefix}/`
  const list = new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix })
  try {
    // One page of a thousand; what is left is removed in the next night.
    for (const { Key, UploadId, Initiated } of (await client.send(list)).Uploads ?? []) {
      if (Initiated === undefined || Initiated >= midnight || !mayGoOn()) continue
      await client.send(new AbortMultipartUploadCommand({ Bucket: place.bucket, Key, UploadId }))
    }
  } catch (cause) {
    throw asS3Error(cause)
  }
}
