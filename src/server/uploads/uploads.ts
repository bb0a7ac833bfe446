import { AgeError } from '../../age/errors.ts'
import type { Clock } from '../../store/clock.ts'
import { openUploadFolder, type UploadFolder, type UploadFolderOptions } from '../../store/upload-folder.ts'
import { IntakeError } from '../errors.ts'
import type { Walker } from '../receive.ts'
import { expiryOf } from './expiry.ts'
import { UploadLocks } from './locks.ts'
import { Upload } from './upload.ts'

export interface UploadsParts {
  folder: UploadFolder
  queue: { announce(receipt: string): void }
  counters: { countOldKeyring(): void }
  clock: Clock
  createWalker: () => Walker
  /** Unfinished uploads at once; each takes up to 64 KiB of memory. */
  maxUnfinished: number
  /** Whole days an upload may go without a byte. */
  silentDays: number
}

/** The rest stays for envelopes that come in one go: announcing costs nothing, and must not close that door. */
const MAX_SHARE_OF_SPACE = 0.75

/** An upload that has hardly begun and fell silent makes room for others: who loses it loses seconds. */
const HARDLY_BEGUN_BYTES = 1024 * 1024
const HARDLY_BEGUN_MS = 15 * 60 * 1000

/** @throws StoreError when the data folder cannot be used. */
export async function openUploads({ dir, store, ...parts }: Omit<UploadsParts, 'folder'> & UploadFolderOptions): Promise<Uploads> {
  const uploads = new Uploads({ ...parts, folder: await openUploadFolder({ ...parts, dir, store }) })
  await uploads.restore()
  return uploads
}

/** All uploads that come in several requests. `locks` guard whatever is asked of one of them. */
export class Uploads {
  readonly locks = new UploadLocks()
  readonly #parts: UploadsParts
  readonly #unfinished = new Map<string, Upload>()
  #sweeping: Promise<void> | null = null

  constructor(parts: UploadsParts) {
    this.#parts = parts
  }

  get silentDays(): number {
    return this.#parts.silentDays
  }

  /**
   * @returns once the upload would survive a restart.
   * @throws IntakeError `TOO_MANY_UPLOADS`, StoreError `NO_SPACE`.
   */
  async create(id: string, announced: { bytes: number; isOldKeyring: boolean }): Promise<Upload> {
    await this.#makeRoom(announced.bytes)
    const upload = this.#wrap(id, this.#parts.folder.announce(id, announced))
    try {
      await upload.create()
    } catch (cause) {
      await this.remove(upload).catch(() => {})
      throw cause
    }
    return upload
  }

  /**
   * An upload of which all bytes are there is finished first: the process may have died, or
   * the disk been full, between its last byte and its receipt.
   * @throws IntakeError `NOT_FOUND`; AgeError and StoreError as in `finish`.
   */
  async require(id: string): Promise<Upload> {
    const upload = await this.#find(id)
    if (upload === null) throw new IntakeError('NOT_FOUND', 'no such upload')
    if (upload.receipt === null && upload.isWhole) await this.#finish(upload)
    return upload
  }

  /** Takes the next bytes, and commits the envelope with the last one. What cannot be age is not kept. */
  async receive(upload: Upload, source: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#orRemove(upload, () => upload.receive(source))
    if (upload.isWhole) await this.#finish(upload)
  }

  /** Its bytes and its record. The envelope of a finished one is the spool's, and stays. */
  async remove(upload: Upload): Promise<void> {
    this.#unfinished.delete(upload.id)
    await upload.remove()
  }

  /** At start and now and then: finishes what is whole, removes what has expired. What fails waits for the next time. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepAll().catch(() => {}).finally(() => {
      this.#sweeping = null
    })
    return this.#sweeping
  }

  /** Ends the requests that are open; what they have brought is kept. */
  async close(): Promise<void> {
    await this.locks.close()
  }

  /** Fills the memory with what an earlier process left, so that the bounds hold from the start. */
  async restore(): Promise<void> {
    for (const id of await this.#parts.folder.list()) await this.#find(id)
  }

  async #find(id: string): Promise<Upload | null> {
    const known = this.#unfinished.get(id)
    if (known !== undefined) return known
    const stored = await this.#parts.folder.load(id)
    return stored === null ? null : this.#wrap(id, stored)
  }

  #wrap(id: string, stored: ConstructorParameters<typeof Upload>[1]): Upload {
    const { createWalker, clock } = this.#parts
    const upload = new Upload(id, stored, { createWalker, nowMs: () => clock.now().getTime() })
    if (upload.receipt === null) this.#unfinished.set(id, upload)
    return upload
  }

  async #finish(upload: Upload): Promise<void> {
    const { queue, counters } = this.#parts
    const { isOldKeyring } = upload
    const receipt = await this.#orRemove(upload, () => upload.finish())
    this.#unfinished.delete(upload.id)
    queue.announce(receipt)
    if (isOldKeyring) counters.countOldKeyring()
  }

  async #orRemove<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof AgeError) await this.remove(upload)
      throw cause
    }
  }

  async #makeRoom(bytes: number): Promise<void> {
    for (let refusal = this.#refusal(bytes); refusal !== null; refusal = this.#refusal(bytes)) {
      const victim = this.#hardlyBegun()
      if (victim === null) throw new IntakeError(refusal, 'too many unfinished uploads')
      const release = await this.locks.acquire(victim.id, () => {})
      await this.remove(victim).finally(release)
    }
  }

  #refusal(bytes: number): 'TOO_MANY_UPLOADS' | 'NO_SPACE' | null {
    const { folder, maxUnfinished } = this.#parts
    if (this.#unfinished.size >= maxUnfinished) return 'TOO_MANY_UPLOADS'
    let announcedBytes = 0
    for (const upload of this.#unfinished.values()) announcedBytes += upload.bytes
    const roomBytes = (folder.freeBytes() + announcedBytes) * MAX_SHARE_OF_SPACE
    return announcedBytes + bytes > roomBytes ? 'NO_SPACE' : null
  }

  #hardlyBegun(): Upload | null {
    const before = this.#parts.clock.now().getTime() - HARDLY_BEGUN_MS
    const candidates = [...this.#unfinished.values()].filter((upload) =>
      upload.offset < HARDLY_BEGUN_BYTES && upload.lastByteMs <= before && !this.locks.isHeld(upload.id))
    return candidates.toSorted((one, other) => one.lastByteMs - other.lastByteMs)[0] ?? null
  }

  async #sweepAll(): Promise<void> {
    for (const id of await this.#parts.folder.list()) {
      // one that is being used is neither whole nor silent, and must not be held up
      if (this.locks.isHeld(id)) continue
      const release = await this.locks.acquire(id, () => {})
      // whatever is wrong with one of them must not keep the others
      await this.#sweepOne(id).catch(() => {}).finally(release)
    }
  }

  async #sweepOne(id: string): Promise<void> {
    const upload = await this.#find(id)
    if (upload === null) return
    if (upload.receipt === null && upload.isWhole) await this.#finish(upload)
    else if (this.#parts.clock.now() >= expiryOf(upload.day, this.#parts.silentDays)) await this.remove(upload)
  }
}
