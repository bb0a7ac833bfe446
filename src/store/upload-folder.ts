import { statSync } from 'node:fs'
import { open, readdir, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { DirSync, hideDirectoryTime } from '../disk/dir-sync.ts'
import { asStoreError } from './errors.ts'
import { orNull } from '../disk/errno.ts'
import type { FsBlobStore } from './fs-store.ts'
import { DIR_MODE, FILE_MODE } from './layout.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { StoredUpload } from './stored-upload.ts'
import { decodeRecord, type UploadRecord } from './upload-record.ts'

const ID = /^[0-9a-f]{32}$/
const NAME = /^([0-9a-f]{32})\.(part|upload)$/
const BOOT_FILE = 'boot'

export interface UploadFolderOptions {
  dir: string
  store: Pick<FsBlobStore, 'adopt' | 'space'>
  clock: Clock
  /** Identifies one run of the machine; a seam for tests. */
  bootId?: string
}

/**
 * Whether the text is 128 random bits in hex. An id becomes part of a path, so nothing else is
 * accepted.
 */
export function isUploadId(text: string): boolean {
  return ID.test(text)
}

/**
 * Opens `uploads/` under the data folder. After a power cut a file may be longer than the part that
 * reached the disk, with zeros in it, so after a reboot each upload is cut back to the bytes that
 * are certainly durable.
 * @throws StoreError `IO_FAILED` or `NO_SPACE`.
 */
export async function openUploadFolder(options: UploadFolderOptions): Promise<UploadFolder> {
  const dir = resolve(options.dir)
  const folder = new UploadFolder(options)
  try {
    await makeFolder(join(dir, 'uploads'), DIR_MODE)
    await folder.recover(options.bootId ?? (await readBootId()))
    return folder
  } catch (cause) {
    throw asStoreError(cause)
  }
}

/**
 * The folder of resumable uploads. `<id>.part` contains the bytes; `<id>.upload` is the record,
 * which is kept for a while after the bytes have moved to the spool.
 */
export class UploadFolder {
  readonly #path: string
  readonly #store: UploadFolderOptions['store']
  readonly #clock: Clock
  readonly #dirSync: DirSync

  constructor({ dir, store, clock }: UploadFolderOptions) {
    this.#path = join(resolve(dir), 'uploads')
    this.#store = store
    this.#clock = clock
    this.#dirSync = new DirSync(this.#path, () => this.#today())
  }

  /**
   * The caller must then call `create`. @throws StoreError `NO_SPACE` if nothing more can be
   * written.
   */
  announce(id: string, announced: { bytes: number; isOldKeyring: boolean }): StoredUpload {
    const record: UploadRecord = { ...announced, durableBytes: 0, receipt: null }
    return this.#storedUpload(id, record, { writtenBytes: 0, day: this.#today(), isNew: true })
  }

  /** Null if there is no such upload, or nothing usable of it. */
  async load(id: string): Promise<StoredUpload | null> {
    try {
      const record = await this.#readRecord(id)
      if (record === null) return null
      const part = await orNull(stat(this.#partPath(id)))
      const { mtimeMs } = await stat(this.#recordPath(id))
      const day = midnightOf(new Date(Math.max(mtimeMs, part?.mtimeMs ?? 0)))
      return this.#storedUpload(id, record, { writtenBytes: part?.size ?? 0, day, isNew: false })
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  /** Ids of all uploads with a record, including finished ones. */
  async list(): Promise<string[]> {
    const names = await readdir(this.#path).catch(rethrow)
    hideDirectoryTime(this.#path, this.#today())
    return names.flatMap((name) => (NAME.exec(name)?.[2] === 'upload' ? [name.slice(0, 32)] : []))
  }

  /** To be called once before any other method. Removes files that belong to no upload. */
  async recover(bootId: string): Promise<void> {
    const bootPath = join(this.#path, BOOT_FILE)
    const isSameRun = (await orNull(readFile(bootPath, 'latin1'))) === bootId
    const names = await readdir(this.#path)
    for (const id of new Set(names.flatMap((name) => NAME.exec(name)?.[1] ?? []))) {
      await this.#recoverOne(id, isSameRun)
    }
    await this.#dirSync.sync()
    if (isSameRun) return
    await writeFile(bootPath, bootId, { mode: FILE_MODE, flush: true })
    await utimes(bootPath, this.#today(), this.#today())
    await this.#dirSync.sync()
  }

  async #recoverOne(id: string, isSameRun: boolean): Promise<void> {
    const record = await this.#readRecord(id)
    if (record === null) {
      await orNull(unlink(this.#partPath(id)))
      await orNull(unlink(this.#recordPath(id)))
    } else if (record.receipt !== null) {
      await orNull(unlink(this.#partPath(id)))
    } else {
      await cutTo(this.#partPath(id), isSameRun ? record.bytes : record.durableBytes)
    }
  }

  async #readRecord(id: string): Promise<UploadRecord | null> {
    const block = await orNull(readUnseen(this.#recordPath(id)))
    return block === null ? null : decodeRecord(block)
  }

  #storedUpload(
    id: string,
    record: UploadRecord,
    found: { writtenBytes: number; day: Date; isNew: boolean },
  ): StoredUpload {
    const { space } = this.#store
    return new StoredUpload(
      {
        partPath: this.#partPath(id),
        recordPath: this.#recordPath(id),
        // No space is reserved for an announced length: others could measure the reservation.
        claim: found.isNew ? space.claim(0) : space.reclaim(0),
        today: () => this.#today(),
        syncFolder: () => this.#dirSync.sync(),
        hideFolderTime: () => hideDirectoryTime(this.#path, this.#today()),
        adopt: (path, receipt) => this.#store.adopt(path, 'incoming', receipt),
      },
      { record, ...found },
    )
  }

  #partPath(id: string): string {
    return join(this.#path, `${id}.part`)
  }

  #recordPath(id: string): string {
    return join(this.#path, `${id}.upload`)
  }

  #today(): Date {
    return midnightOf(this.#clock.now())
  }
}

async function readUnseen(path: string): Promise<Buffer> {
  const handle = await openUnseen(path)
  try {
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function cutTo(path: string, bytes: number): Promise<void> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= bytes) return
  const handle = await open(path, 'r+')
  try {
    const { mtime } = await handle.stat()
    await handle.truncate(bytes)
    await handle.utimes(mtime, mtime)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Linux gives each run of the machine a random id. Without one, every start counts as a new run.
 */
async function readBootId(): Promise<string> {
  const name = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '')
  return name.trim() || crypto.randomUUID()
}

function rethrow(cause: unknown): never {
  throw asStoreError(cause)
}
