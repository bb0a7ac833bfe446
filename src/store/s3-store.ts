import { statfsSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { createHash, randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { orNull } from '../disk/errno.ts'
import type { Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import type { BlobEntry, KnownBlob, Prefix, Receipt, StagedBlob } from './blob-store.ts'
import { asStoreError, StoreError } from './errors.ts'
import { FsStage } from './fs-stage.ts'
import { isReceipt, WAY } from './layout.ts'
import { openBucket, type S3Bucket, type S3Place } from './s3-bucket.ts'
import { blobKey, countSuspects, findHolders, setAside, verify } from './s3-objects.ts'
import { placeFile } from './s3-place.ts'
import { probeBucket, type BucketTraits } from './s3-probe.ts'
import { SpaceGuard, type Statfs } from './space.ts'
import { openStagingFolder } from './staging-folder.ts'
import type { StagingStore } from './staging-store.ts'
import type { TmpFolder } from './tmp-folder.ts'

export interface S3StoreOptions {
  place: S3Place
  /** Folder in which envelopes are staged before they are sent. */
  dir: string
  /** Name of this process's folder under `tmp/`; see `TmpFolder`. */
  instance: string
  /** Bytes of the staging disk that stay free. */
  reserveBytes: number
  clock: Clock
  isBucketCreated?: boolean
  /** Whether the bucket is probed; a command that only reads may leave it out. */
  isProbed?: boolean
  /** A seam for tests; the real one by default. */
  statfs?: Statfs
}

/** A store of objects. */
export interface S3Store extends StagingStore {
  readonly bucket: S3Bucket
  /** What the server was seen to do; null until it has answered. */
  traits(): BucketTraits | null
  /** Number of objects that were found with wrong bytes. */
  suspects(): Promise<number>
  /** One request, while `locate` asks for each prefix. */
  has(prefix: Prefix, receipt: Receipt): Promise<boolean>
  /** Whether the server takes an object of this size; tried with one that is removed at once. */
  hasRoom(bytes: number): Promise<boolean>
}

/**
 * Opens the store and probes the bucket. A server that does not answer is no reason not to start:
 * then the probe is repeated before the first envelope is taken in.
 * @throws StoreError `UNFIT` if the bucket must not be used; `IN_USE`, `TOO_NEW`, `IO_FAILED` or
 *   `NO_SPACE` of the staging disk.
 */
export async function openS3Store(options: S3StoreOptions): Promise<S3Store> {
  const dir = resolve(options.dir)
  try {
    const tmp = await openStagingFolder(dir, options)
    const store = new BucketStore(await openBucket(options.place), tmp, { ...options, dir })
    if (options.isProbed !== false) await store.probe().catch(unlessUnfit)
    return store
  } catch (cause) {
    throw asStoreError(cause)
  }
}

class BucketStore implements S3Store {
  readonly bucket: S3Bucket
  readonly space: SpaceGuard
  readonly #tmp: TmpFolder
  readonly #options: S3StoreOptions
  readonly #placing = new Map<Receipt, Promise<'created' | 'exists'>>()
  #traits: BucketTraits | null = null

  constructor(bucket: S3Bucket, tmp: TmpFolder, options: S3StoreOptions) {
    this.bucket = bucket
    this.#tmp = tmp
    this.#options = options
    this.space = new SpaceGuard(options.dir, options.reserveBytes, options.statfs ?? statfsSync)
  }

  traits(): BucketTraits | null {
    return this.#traits
  }

  suspects(): Promise<number> {
    return countSuspects(this.bucket)
  }

  async hasRoom(bytes: number): Promise<boolean> {
    const key = `probe/${randomBytes(16).toString('hex')}`
    try {
      await this.bucket.put(key, new Uint8Array(bytes))
      return true
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === 'NO_SPACE') return false
      throw cause
    } finally {
      await this.bucket.remove(key).catch(() => {})
    }
  }

  async probe(): Promise<void> {
    this.#traits = await probeBucket(this.bucket, {
      isCreated: this.#options.isBucketCreated === true,
    })
  }

  async stage(expectedBytes = 0): Promise<StagedBlob> {
    return new FsStage({
      tmp: this.#tmp,
      claim: this.space.claim(expectedBytes),
      day: () => midnightOf(this.#options.clock.now()),
      place: async (path, prefix, receipt) => {
        const outcome = await this.#place(path, prefix, receipt)
        await orNull(unlink(path))
        return outcome
      },
    })
  }

  adopt(path: string, prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'> {
    return this.#place(path, prefix, receipt)
  }

  async has(prefix: Prefix, receipt: Receipt): Promise<boolean> {
    return (await this.bucket.head(blobKey(prefix, receipt))) !== null
  }

  async locate(receipt: Receipt): Promise<(typeof WAY)[number] | null> {
    return (await findHolders(this.bucket, receipt)).at(-1) ?? null
  }

  /**
   * An object whose bytes do not have the digest in its name is set aside, and reading it fails at
   * the end: no caller may use bytes before it has reached the end.
   */
  async *read(prefix: Prefix, receipt: Receipt): AsyncGenerator<Uint8Array> {
    const found = await this.bucket.get(blobKey(prefix, receipt))
    if (found === null) throw new StoreError('NOT_FOUND', `no such blob in ${prefix}`)
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of found.body) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
    if (bytes !== found.bytes)
      throw new StoreError('STORE_DOWN', 'the S3 store sent less of an object than it announced')
    if (prefix === 'quarantine' || hash.digest('hex') === receipt) return
    await setAside(this.bucket, prefix, receipt)
    throw new StoreError(
      'IO_FAILED',
      'an object did not have the bytes of its name; it is in suspect/',
    )
  }

  async *list(prefix: Prefix, known: KnownBlob = () => null): AsyncGenerator<BlobEntry> {
    for await (const { name, bytes, modified } of this.bucket.list(prefix)) {
      if (!isReceipt(name)) continue
      const before = known(name)
      yield { receipt: name, ...(before ?? { bytes, day: midnightOf(modified) }) }
    }
  }

  async move(receipt: Receipt, from: Prefix, to: Prefix): Promise<'moved' | 'missing'> {
    const [source, target] = [blobKey(from, receipt), blobKey(to, receipt)]
    const further = (await findHolders(this.bucket, receipt)).find((holder) =>
      isFurther(holder, to),
    )
    const place = further ?? to
    if (!(await this.#holdsGood(place, receipt))) {
      if ((await this.bucket.head(source)) === null) return 'missing'
      await this.bucket.copy(source, target)
      if (!(await this.#holdsGood(to, receipt))) return await this.#refuseCopy(receipt, from, to)
    }
    await this.bucket.remove(source)
    return 'moved'
  }

  remove(prefix: Prefix, receipt: Receipt): Promise<void> {
    return this.bucket.remove(blobKey(prefix, receipt))
  }

  async freeBytes(): Promise<number> {
    return this.space.freeBytes()
  }

  /** The same envelope that arrives twice at the same time is sent once. */
  async #place(path: string, prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'> {
    const running = this.#placing.get(receipt)
    if (running !== undefined) return running.then(() => 'exists')
    const placing = this.#placeNow(path, prefix, receipt).finally(() =>
      this.#placing.delete(receipt),
    )
    this.#placing.set(receipt, placing)
    return placing
  }

  async #placeNow(path: string, prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'> {
    blobKey(prefix, receipt)
    if (this.#traits === null) await this.probe()
    return placeFile(this.bucket, { path, prefix, receipt })
  }

  /** Quarantine holds what may not have the digest of its name, so only its presence counts. */
  async #holdsGood(prefix: Prefix, receipt: Receipt): Promise<boolean> {
    if (prefix === 'quarantine') return (await this.bucket.head(blobKey(prefix, receipt))) !== null
    const state = await verify(this.bucket, prefix, receipt)
    if (state === 'wrong') await setAside(this.bucket, prefix, receipt)
    return state === 'good'
  }

  /** Either the source was damaged, and goes where its copy went, or the copy failed. */
  async #refuseCopy(receipt: Receipt, from: Prefix, to: Prefix): Promise<'moved' | 'missing'> {
    // Another machine has moved the blob further meanwhile, and has removed this copy.
    const holders = await findHolders(this.bucket, receipt)
    if (holders.some((holder) => isFurther(holder, to))) return 'moved'
    if ((await verify(this.bucket, from, receipt)) !== 'good' && from !== 'quarantine')
      await setAside(this.bucket, from, receipt)
    throw new StoreError(
      'IO_FAILED',
      'an object did not have the bytes of its name; it is in suspect/',
    )
  }
}

function isFurther(holder: (typeof WAY)[number], to: Prefix): boolean {
  const place = WAY.findIndex((prefix) => prefix === to)
  return place !== -1 && WAY.indexOf(holder) > place
}

/** Only a bucket that must not be used keeps the process from starting. */
function unlessUnfit(cause: unknown): void {
  if (cause instanceof StoreError && cause.code === 'STORE_DOWN') return
  throw cause
}
