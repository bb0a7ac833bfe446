import { statfsSync, statSync } from 'node:fs'
import { link, open, opendir, stat, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BlobEntry, KnownBlob, Prefix, Receipt, StagedBlob } from './blob-store.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { DirSync, hideDirectoryTime } from '../disk/dir-sync.ts'
import { asStoreError, StoreError } from './errors.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { rememberFolder } from '../disk/same-folder.ts'
import { FsStage } from './fs-stage.ts'
import { blobPath, receiptOf, WAY } from './layout.ts'
import { SpaceGuard, type Statfs } from './space.ts'
import { openStagingFolder } from './staging-folder.ts'
import type { StagingStore } from './staging-store.ts'
import type { TmpFolder } from './tmp-folder.ts'

const READ_BYTES = 256 * 1024

/**
 * Number of names read in one trip to the thread pool. With Node's default of 32, a million names
 * take minutes.
 */
const NAMES_AT_ONCE = 4096

export interface FsStoreOptions {
  dir: string
  /** Name of this process's folder under `tmp/`; see `TmpFolder`. */
  instance: string
  /** Bytes of the disk that stay free. */
  reserveBytes: number
  clock: Clock
  /** A seam for tests; the real one by default. */
  statfs?: Statfs
}

/** A store of files: a file that was received in parts becomes a blob without being copied. */
export type FsBlobStore = StagingStore

/**
 * Opens the store under `dir`, makes its folders durable, and removes what dead processes left in
 * `tmp/`.
 * @throws StoreError `IN_USE`, `RESTORING`, `TOO_NEW`, `IO_FAILED` or `NO_SPACE`.
 */
export async function openFsStore(options: FsStoreOptions): Promise<FsBlobStore> {
  const dir = resolve(options.dir)
  try {
    const tmp = await openStagingFolder(dir, options)
    return new FsStore(dir, tmp, options)
  } catch (cause) {
    throw asStoreError(cause)
  }
}

class FsStore implements FsBlobStore {
  readonly #dir: string
  readonly #tmp: TmpFolder
  readonly #clock: Clock
  readonly #isInPlace: () => boolean
  readonly space: SpaceGuard
  readonly #syncs: Record<Prefix, DirSync>

  constructor(dir: string, tmp: TmpFolder, options: FsStoreOptions) {
    this.#dir = dir
    this.#tmp = tmp
    this.#clock = options.clock
    this.#isInPlace = rememberFolder(dir)
    this.space = new SpaceGuard(dir, options.reserveBytes, options.statfs ?? statfsSync)
    const syncOf = (prefix: Prefix): DirSync => new DirSync(join(dir, prefix), () => this.#today())
    this.#syncs = {
      incoming: syncOf('incoming'),
      sealed: syncOf('sealed'),
      collected: syncOf('collected'),
      quarantine: syncOf('quarantine'),
    }
  }

  async stage(expectedBytes = 0): Promise<StagedBlob> {
    this.#requireInPlace()
    return new FsStage({
      tmp: this.#tmp,
      claim: this.space.claim(expectedBytes),
      day: () => this.#today(),
      place: (path, prefix, receipt) => this.#place(path, prefix, receipt),
    })
  }

  async adopt(path: string, prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'> {
    try {
      return await this.#place(path, prefix, receipt, { isKept: true })
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  async locate(receipt: Receipt): Promise<(typeof WAY)[number] | null> {
    this.#requireInPlace()
    const found = this.#holders(receipt)
    return found.at(-1) ?? null
  }

  async *read(prefix: Prefix, receipt: Receipt): AsyncGenerator<Uint8Array> {
    const handle = await orNull(openUnseen(this.#path(prefix, receipt))).catch(rethrow)
    if (handle === null) throw new StoreError('NOT_FOUND', `no such blob in ${prefix}`)
    try {
      for (;;) {
        const piece = new Uint8Array(READ_BYTES)
        const { bytesRead } = await handle.read(piece, 0, READ_BYTES, null).catch(rethrow)
        if (bytesRead === 0) return
        yield piece.subarray(0, bytesRead)
      }
    } finally {
      await handle.close()
    }
  }

  async *list(prefix: Prefix, known: KnownBlob = () => null): AsyncGenerator<BlobEntry> {
    const names = await opendir(join(this.#dir, prefix), { bufferSize: NAMES_AT_ONCE }).catch(
      rethrow,
    )
    // Hides the time of the first listing after a tip came, which would reveal roughly when it
    // came.
    const hideTime = (): void => hideDirectoryTime(join(this.#dir, prefix), this.#today())
    let count = 0
    try {
      for await (const name of names) {
        // Repeated, because the caller may pause a listing for a long time.
        if (count++ % NAMES_AT_ONCE === 0) hideTime()
        const entry = await this.#entryOf(prefix, name.name, known)
        if (entry !== null) yield entry
      }
    } finally {
      hideTime()
    }
  }

  /** Null for a name that is no blob, or no longer a blob of this prefix. */
  async #entryOf(prefix: Prefix, name: string, known: KnownBlob): Promise<BlobEntry | null> {
    const receipt = receiptOf(name)
    if (receipt === null) return null
    const before = known(receipt)
    if (before !== null) return { receipt, ...before }
    const found = await orNull(stat(join(this.#dir, prefix, name)))
    if (found === null || !found.isFile()) return null
    return { receipt, bytes: found.size, day: midnightOf(found.mtime) }
  }

  async move(receipt: Receipt, from: Prefix, to: Prefix): Promise<'moved' | 'missing'> {
    const source = this.#path(from, receipt)
    const target = this.#path(to, receipt)
    this.#requireInPlace()
    try {
      const further = this.#holders(receipt).find((holder) => isFurther(holder, to))
      // this repeats an interrupted move of an envelope that the desk has since collected: it must
      // not go back
      const link = further === undefined ? await linkIfPresent(source, target) : 'other'
      if (link === 'missing' && !isPresent(target)) return 'missing'
      if (link === 'same') await setDay(target, this.#dayOfMove(target, to))
      await this.#syncs[further ?? to].sync()
      await orNull(unlink(source))
      await this.#syncs[from].sync()
      return 'moved'
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  async remove(prefix: Prefix, receipt: Receipt): Promise<void> {
    this.#requireInPlace()
    try {
      await orNull(unlink(this.#path(prefix, receipt)))
      await this.#syncs[prefix].sync()
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  async freeBytes(): Promise<number> {
    this.#requireInPlace()
    return this.space.freeBytes()
  }

  /** See `#placeHere`. A receipt follows, so the folder must be the same before and afterwards. */
  async #place(
    path: string,
    prefix: Prefix,
    receipt: Receipt,
    { isKept = false } = {},
  ): Promise<'created' | 'exists'> {
    this.#requireInPlace()
    const outcome = await this.#placeHere(path, prefix, receipt, isKept)
    this.#requireInPlace()
    return outcome
  }

  /** @throws StoreError `REPLACED`. */
  #requireInPlace(): void {
    if (this.#isInPlace()) return
    throw new StoreError(
      'REPLACED',
      'TUMEN_DATA_DIR is no longer the folder that this process opened: put that folder back, or stop Tumen, make sure that the folder there is the right one, and start Tumen again',
    )
  }

  /**
   * Moves a durable file to its name. The directory fsync and the unlink of the old name run in
   * parallel, because no receipt has been issued yet. The other prefixes are checked *after* the
   * link: a worker links a blob under the next prefix before it unlinks the previous name, so
   * checking first could miss a copy that moves between the check and the link. A copy found
   * afterwards is either older than ours, or is ours and was already moved on. In both cases our
   * name is redundant, and is removed only once the other one is durable.
   */
  async #placeHere(
    path: string,
    prefix: Prefix,
    receipt: Receipt,
    isKept: boolean,
  ): Promise<'created' | 'exists'> {
    const target = this.#path(prefix, receipt)
    const isNew = await linkIfAbsent(path, target)
    const other = this.#holders(receipt).find((holder) => holder !== prefix)
    await Promise.all([this.#syncs[prefix].sync(), isKept ? null : orNull(unlink(path))])
    if (other === undefined) return isNew ? 'created' : 'exists'
    await this.#syncs[other].sync()
    await orNull(unlink(target))
    await this.#syncs[prefix].sync()
    return 'exists'
  }

  /**
   * The prefixes are checked in the order in which blobs move, so that a blob that is being moved
   * is always found.
   */
  #holders(receipt: Receipt): (typeof WAY)[number][] {
    return WAY.filter((prefix) => isPresent(this.#path(prefix, receipt)))
  }

  #path(prefix: Prefix, receipt: Receipt): string {
    return blobPath(this.#dir, prefix, receipt)
  }

  /**
   * The day on which a blob comes under a prefix. Retention counts from the day of collecting, so a
   * clock that is behind must not make it earlier than the day on which the blob was stored.
   */
  #dayOfMove(target: string, to: Prefix): Date {
    const today = this.#today()
    if (to !== 'collected') return today
    const stored = statSync(target, { throwIfNoEntry: false })?.mtime ?? today
    return stored > today ? midnightOf(stored) : today
  }

  #today(): Date {
    return midnightOf(this.#clock.now())
  }
}

/**
 * Synchronous, because the answer is cached and a trip through the thread pool would cost more; it
 * is called three times for each blob.
 */
function isPresent(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** False if the target exists; `rename` would overwrite it silently. */
async function linkIfAbsent(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target)
    return true
  } catch (cause) {
    if (errnoOf(cause) === 'EEXIST') return false
    throw cause
  }
}

/**
 * `same`: the target is the source, either linked now or by an interrupted move; `other`: the
 * target is an older copy of the same bytes, which is just as good; `missing`: there is no source.
 */
async function linkIfPresent(
  source: string,
  target: string,
): Promise<'same' | 'other' | 'missing'> {
  try {
    await link(source, target)
    return 'same'
  } catch (cause) {
    const errno = errnoOf(cause)
    if (errno === 'ENOENT') return 'missing'
    if (errno !== 'EEXIST') throw cause
    return inodeOf(source) === inodeOf(target) ? 'same' : 'other'
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

function isFurther(holder: (typeof WAY)[number], to: Prefix): boolean {
  const place = WAY.findIndex((prefix) => prefix === to)
  return place !== -1 && WAY.indexOf(holder) > place
}

/** Sets the day on which a blob came under its prefix, durably before its old name is removed. */
async function setDay(path: string, day: Date): Promise<void> {
  const handle = await orNull(open(path, 'r'))
  try {
    if (handle === null || (await handle.stat()).mtimeMs === day.getTime()) return
    await handle.utimes(day, day)
    await handle.sync()
  } finally {
    await handle?.close()
  }
}

function rethrow(cause: unknown): never {
  throw asStoreError(cause)
}
