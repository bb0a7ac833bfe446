import { randomUUID } from 'node:crypto'
import { closeSync, fsync, futimesSync, open } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Prefix, Receipt, StagedBlob } from './blob-store.ts'
import { asStoreError, StoreError } from './errors.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { Gather } from './gather.ts'
import { FILE_MODE } from './layout.ts'
import type { SpaceClaim } from './space.ts'
import type { TmpFolder } from './tmp-folder.ts'
import { writeAll } from '../disk/write-all.ts'

// plain descriptors: close and futimes, which cannot wait for the disk, are called synchronously,
// which saves a trip through the thread pool for every envelope
const openAsync = promisify(open)
const fsyncAsync = promisify(fsync)

/**
 * Size of a write: large enough that the cost of the system calls is negligible compared with
 * copying. One block is written while the next is gathered.
 */
const FLUSH_BYTES = 512 * 1024

/** The functions of the store that a stage needs. */
export interface StageHost {
  tmp: TmpFolder
  claim: SpaceClaim
  day(): Date
  /** Moves the durable file at `path` to its name; see `FsStore`. */
  place(path: string, prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'>
}

/**
 * A blob that is being received. Nothing touches the disk before the first flush, so an envelope
 * that is refused because of its first bytes is never written. A chunk must not be changed after it
 * was passed in.
 */
export class FsStage implements StagedBlob {
  readonly #host: StageHost
  readonly #gather = new Gather()
  readonly #path: string
  #fd: number | null = null
  #isNamed = false
  #flushing: Promise<void> = Promise.resolve()
  #isClosed = false
  #ending: Promise<void> | null = null

  constructor(host: StageHost) {
    this.#host = host
    this.#path = join(host.tmp.path, randomUUID())
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#requireOpen()
    this.#gather.add(chunk)
    if (this.#gather.bytes < FLUSH_BYTES) return
    const before = this.#flushing
    this.#flushing = before.then(() => (this.#isClosed ? undefined : this.#flush()))
    // the failure is thrown by the next write or by commit, which await the same promise
    this.#flushing.catch(() => {})
    await before
  }

  commit(prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'> {
    if (this.#isClosed) return Promise.reject(closed())
    this.#isClosed = true
    const committing = this.#commit(prefix, receipt)
    this.#ending = committing.then(
      () => {},
      () => {},
    )
    return committing
  }

  /** Waits for a commit in progress, because a descriptor in use must not be closed. */
  async discard(): Promise<void> {
    this.#isClosed = true
    this.#ending ??= this.#cleanUp()
    await this.#ending
  }

  async #commit(prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'> {
    try {
      await this.#flushing
      await this.#flush()
      await this.#makeDurable()
      const outcome = await this.#host.place(this.#path, prefix, receipt)
      this.#isNamed = false
      return outcome
    } catch (cause) {
      throw asStoreError(cause)
    } finally {
      await this.#cleanUp()
    }
  }

  async #cleanUp(): Promise<void> {
    await this.#flushing.catch(() => {})
    this.#gather.take()
    this.#host.claim.release()
    this.#closeFile()
    if (this.#isNamed) await orNull(unlink(this.#path))
    this.#isNamed = false
    this.#host.tmp.hideTime()
  }

  async #flush(): Promise<void> {
    try {
      const bytes = this.#gather.bytes
      const pieces = this.#gather.take()
      this.#host.claim.use(bytes)
      this.#fd ??= await this.#create()
      await writeAll(this.#fd, pieces)
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  async #create(): Promise<number> {
    await this.#host.tmp.ready()
    this.#isNamed = true
    try {
      return await openAsync(this.#path, 'wx', FILE_MODE)
    } catch (cause) {
      if (errnoOf(cause) !== 'ENOENT') throw cause
      this.#host.tmp.forget()
      await this.#host.tmp.ready()
      return await openAsync(this.#path, 'wx', FILE_MODE)
    }
  }

  /**
   * The file's time is set to the day before the fsync, so that the time of arrival never reaches
   * the disk.
   */
  async #makeDurable(): Promise<void> {
    const day = this.#host.day()
    if (this.#fd === null) return
    futimesSync(this.#fd, day, day)
    await fsyncAsync(this.#fd)
    this.#closeFile()
  }

  #closeFile(): void {
    const fd = this.#fd
    this.#fd = null
    if (fd !== null) closeSync(fd)
  }

  #requireOpen(): void {
    if (this.#isClosed) throw closed()
  }
}

function closed(): StoreError {
  return new StoreError('STAGE_CLOSED', 'the blob was already committed or discarded')
}
