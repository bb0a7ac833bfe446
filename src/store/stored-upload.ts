import { closeSync, fstatSync, fsync, ftruncateSync, futimesSync, open } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Receipt } from './blob-store.ts'
import { asStoreError, StoreError } from './errors.ts'
import { orNull } from '../disk/errno.ts'
import { Gather } from './gather.ts'
import { FILE_MODE } from './layout.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import type { SpaceClaim } from './space.ts'
import { encodeRecord, type UploadRecord } from './upload-record.ts'
import { writeAll } from '../disk/write-all.ts'

const openAsync = promisify(open)
const fsyncAsync = promisify(fsync)

/** As in `FsStage`: one block is written while the next is gathered. */
const FLUSH_BYTES = 512 * 1024

/**
 * Bytes that a power cut may take from a running request; the bytes of a finished request are
 * durable anyway. Measured with 200 MiB on an ext4 disk: no slower than without, because the bytes
 * must be written once in any case, and the wait at the end of a large request is shorter.
 */
const SYNC_BYTES = 16 * 1024 * 1024

const READ_BYTES = 256 * 1024

export interface StoredUploadHost {
  partPath: string
  recordPath: string
  claim: SpaceClaim
  today(): Date
  syncFolder(): Promise<void>
  /** To be called after a name was removed whose removal need not be durable. */
  hideFolderTime(): void
  /** See `FsBlobStore.adopt`. */
  adopt(path: string, receipt: Receipt): Promise<'created' | 'exists'>
}

/**
 * The bytes and the record of one upload that arrives in several requests. Only one request at a
 * time may use it, and `rest` ends each. A chunk must not be changed after it was passed in.
 */
export class StoredUpload {
  readonly #host: StoredUploadHost
  readonly #gather = new Gather()
  #record: UploadRecord
  #day: Date
  #fd: number | null = null
  #writtenBytes: number
  #flushing: Promise<void> = Promise.resolve()
  #syncing: Promise<void> | null = null
  #hasSyncFailed = false

  constructor(
    host: StoredUploadHost,
    known: { record: UploadRecord; writtenBytes: number; day: Date },
  ) {
    this.#host = host
    this.#record = known.record
    this.#writtenBytes = known.writtenBytes
    this.#day = known.day
  }

  /** The announced length. */
  get bytes(): number {
    return this.#record.bytes
  }

  /** Number of bytes that a reader of the file would find. */
  get writtenBytes(): number {
    return this.#record.receipt === null ? this.#writtenBytes : this.bytes
  }

  get receipt(): Receipt | null {
    return this.#record.receipt
  }

  get isOldKeyring(): boolean {
    return this.#record.isOldKeyring
  }

  /** Midnight UTC of the day of the last byte. No finer time is stored. */
  get day(): Date {
    return this.#day
  }

  /** Makes the record durable, so that the upload survives a restart. */
  async create(): Promise<void> {
    await this.#writeRecord('wx').catch(rethrow)
    await this.#host.syncFolder().catch(rethrow)
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#gather.add(chunk)
    if (this.#gather.bytes < FLUSH_BYTES) return
    const before = this.#flushing
    this.#flushing = before.then(() => this.#flush()).catch(rethrow)
    // the failure is thrown by the next append or by rest, which await the same promise
    this.#flushing.catch(() => {})
    await before
  }

  /**
   * Makes all appended bytes durable and closes the file.
   * @throws StoreError; `writtenBytes` is then the number of bytes actually stored, which may be
   *   smaller.
   */
  async rest(): Promise<void> {
    try {
      await this.#flushing
      await this.#flush()
      await this.#syncing
      await this.#sync()
    } catch (cause) {
      throw asStoreError(cause)
    } finally {
      // a descriptor in use must not be closed
      await this.#syncing?.catch(() => {})
      this.#settle()
    }
  }

  /** All bytes written so far, from the first. */
  read(): AsyncIterable<Uint8Array> {
    if (this.#writtenBytes === 0) return noBytes()
    return streamUnseen(this.#host.partPath, this.#writtenBytes)
  }

  /**
   * Turns the complete upload into a blob in the spool. Idempotent, even after a crash in the
   * middle. The bytes keep their name here until the record contains the receipt.
   */
  async finish(receipt: Receipt): Promise<void> {
    if (this.#writtenBytes !== this.bytes)
      throw new StoreError('IO_FAILED', 'the upload is not whole')
    await this.rest()
    await this.#host.adopt(this.#host.partPath, receipt)
    this.#record = { ...this.#record, receipt, isOldKeyring: false }
    await this.#writeRecord('r+').catch(rethrow)
    await orNull(unlink(this.#host.partPath)).catch(rethrow)
    this.#host.hideFolderTime()
  }

  /**
   * Removes the bytes before the record: a record without bytes is an upload that starts from zero,
   * but bytes without a record would belong to no upload.
   */
  async remove(): Promise<void> {
    await this.#flushing.catch(() => {})
    await this.#syncing?.catch(() => {})
    this.#closeFile()
    this.#gather.take()
    this.#host.claim.release()
    await orNull(unlink(this.#host.partPath)).catch(rethrow)
    await orNull(unlink(this.#host.recordPath)).catch(rethrow)
    await this.#host.syncFolder().catch(rethrow)
  }

  async #flush(): Promise<void> {
    const bytes = this.#gather.bytes
    if (bytes === 0) return
    const pieces = this.#gather.take()
    if (this.#hasSyncFailed)
      throw new StoreError('IO_FAILED', 'the data folder failed (fsync): check the disk')
    this.#host.claim.use(bytes)
    const fd = await this.#open()
    await writeAll(fd, pieces, this.#writtenBytes)
    this.#writtenBytes += bytes
    this.#day = this.#host.today()
    // an upload may take hours: the file's time must not show when its last byte came
    futimesSync(fd, this.#day, this.#day)
    if (this.#writtenBytes - this.#record.durableBytes >= SYNC_BYTES) this.#startSync()
  }

  /** Runs in parallel with the writes. */
  #startSync(): void {
    if (this.#syncing !== null) return
    const syncing = this.#sync().finally(() => {
      this.#syncing = null
    })
    // the failure is recorded, and thrown by the next flush or by rest
    syncing.catch(() => {})
    this.#syncing = syncing
  }

  async #sync(): Promise<void> {
    const durableBytes = this.#writtenBytes
    if (durableBytes === this.#record.durableBytes) return
    const fd = await this.#open()
    futimesSync(fd, this.#day, this.#day)
    await fsyncAsync(fd).catch((cause: unknown) => {
      this.#hasSyncFailed = true
      throw cause
    })
    // the file's own name becomes durable only with its first sync
    if (this.#record.durableBytes === 0) await this.#host.syncFolder()
    this.#record = { ...this.#record, durableBytes }
    await this.#writeRecord('r+')
  }

  async #open(): Promise<number> {
    this.#fd ??= await openAsync(
      this.#host.partPath,
      this.#writtenBytes === 0 ? 'w' : 'r+',
      FILE_MODE,
    )
    return this.#fd
  }

  async #writeRecord(flags: 'wx' | 'r+'): Promise<void> {
    const fd = await openAsync(this.#host.recordPath, flags, FILE_MODE)
    try {
      await writeAll(fd, [encodeRecord(this.#record)], 0)
      futimesSync(fd, this.#day, this.#day)
      await fsyncAsync(fd)
    } finally {
      closeSync(fd)
    }
  }

  /**
   * Determines the length after a failure. After a failed write the file's own length is used: the
   * bytes are correct, there may only be too few. After a failed fsync the kernel considers the
   * lost pages clean and the next fsync would succeed, so only the bytes that were durable before
   * are kept.
   */
  #settle(): void {
    this.#gather.take()
    this.#flushing = Promise.resolve()
    try {
      if (this.#fd !== null && this.#hasSyncFailed)
        ftruncateSync(this.#fd, this.#record.durableBytes)
      if (this.#fd !== null) this.#writtenBytes = fstatSync(this.#fd).size
      this.#hasSyncFailed = false
    } finally {
      this.#closeFile()
    }
  }

  #closeFile(): void {
    const fd = this.#fd
    this.#fd = null
    if (fd !== null) closeSync(fd)
  }
}

async function* streamUnseen(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  const handle = await openUnseen(path)
  yield* handle.createReadStream({
    end: bytes - 1,
    highWaterMark: READ_BYTES,
  }) as AsyncIterable<Uint8Array>
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

function rethrow(cause: unknown): never {
  throw asStoreError(cause)
}
