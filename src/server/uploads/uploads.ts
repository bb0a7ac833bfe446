import { setTimeout as sleep } from 'node:timers/promises'
import { AgeError } from '../../age/errors.ts'
import type { Clock } from '../../time/clock.ts'
import {
  openUploadFolder,
  type UploadFolder,
  type UploadFolderOptions,
} from '../../store/upload-folder.ts'
import { IntakeError } from '../errors.ts'
import type { Walker } from '../receive.ts'
import { expiryOf } from './expiry.ts'
import type { Circuit } from '../fairness/circuit.ts'
import type { Entry } from '../fairness/slot.ts'
import type { SpaceState } from '../space-state.ts'
import { isSilentTooLong } from './lifetime.ts'
import { UploadLocks } from './locks.ts'
import { UploadOwners } from './owners.ts'
import { findShortage, type Shortage } from './unfinished-limits.ts'
import { Upload } from './upload.ts'

export interface UploadsParts {
  folder: UploadFolder
  queue: { announce(receipt: string): void }
  counters: { countOldKeyring(): void }
  clock: Clock
  createWalker: () => Walker
  space: SpaceState
  /** The largest envelope, in bytes. */
  maxBytes: number
  /** Unfinished uploads of all circuits together. */
  maxUnfinished: number
  /** Unfinished uploads of one circuit. */
  circuitUnfinished: number
  /** Number of whole days without a byte after which an upload expires. */
  silentDays: number
  /** How long a request waits for a whole upload to be stored; a seam for tests. */
  storingMs?: number
}

/** Shorter than proxies and clients wait for an answer. */
const STORING_MS = 20_000

/** Opens the uploads of a data folder. @throws StoreError if the folder cannot be used. */
export async function openUploads({
  dir,
  store,
  ...parts
}: Omit<UploadsParts, 'folder'> & UploadFolderOptions): Promise<Uploads> {
  const uploads = new Uploads({
    ...parts,
    folder: await openUploadFolder({ ...parts, dir, store }),
  })
  await uploads.restore()
  return uploads
}

/** All uploads that arrive in several requests. A request must hold the lock of its upload. */
export class Uploads {
  readonly locks = new UploadLocks()
  readonly #parts: UploadsParts
  readonly #owners: UploadOwners
  readonly #unfinished = new Map<string, Upload>()
  readonly #finishing = new Map<string, Promise<void>>()
  #sweeping: Promise<void> | null = null

  constructor(parts: UploadsParts) {
    this.#parts = parts
    this.#owners = new UploadOwners(() => this.#nowMs)
  }

  get silentDays(): number {
    return this.#parts.silentDays
  }

  /**
   * @returns once the upload would survive a restart.
   * @throws IntakeError `TOO_MANY_UPLOADS`, `TOO_MANY_UNFINISHED`, `NO_SPACE`, StoreError
   *   `NO_SPACE`.
   */
  async create(
    id: string,
    {
      circuit,
      entry,
      ...announced
    }: { bytes: number; isOldKeyring: boolean; circuit: Circuit; entry: Entry },
  ): Promise<Upload> {
    this.#requirePlace({ bytes: announced.bytes, circuit, entry })
    this.#owners.set(id, circuit)
    const upload = this.#wrap(id, this.#parts.folder.announce(id, announced), entry)
    try {
      await upload.create()
    } catch (cause) {
      await this.remove(upload).catch(() => {})
      throw cause
    }
    return upload
  }

  /**
   * Finds an upload. If all its bytes have arrived, the upload is finished first: the process may
   * have died, or the disk may have been full, after its last byte and before its receipt.
   * @throws IntakeError `NOT_FOUND`; AgeError and StoreError as in `finish`.
   */
  async require(id: string): Promise<Upload> {
    const upload = await this.#find(id)
    if (upload === null) throw new IntakeError('NOT_FOUND', 'no such upload')
    if (upload.receipt === null && upload.isWhole) await this.#finish(upload)
    return upload
  }

  /**
   * Takes the next bytes, and commits the envelope after the last one. An upload that is not an age
   * file is removed.
   */
  async receive(
    upload: Upload,
    source: AsyncIterable<Uint8Array>,
    circuit: Circuit,
  ): Promise<void> {
    this.#owners.set(upload.id, circuit)
    await this.#orRemove(upload, () =>
      upload.receive(source, (arrived) => this.#parts.space.admitMore(arrived)),
    )
    if (upload.isWhole) await this.#finish(upload)
  }

  /**
   * Removes the bytes and the record. The envelope of a finished upload belongs to the spool and is
   * kept.
   */
  async remove(upload: Upload): Promise<void> {
    this.#forget(upload)
    await upload.remove()
  }

  /** Finishes whole uploads and removes expired ones. The next sweep retries what fails. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepAll()
      .catch(() => {})
      .finally(() => {
        this.#sweeping = null
      })
    return this.#sweeping
  }

  /**
   * To be called by a timer, never by a request. While more than half of the places are taken,
   * removes every upload that was silent for too long, even before the time in its
   * `Upload-Expires`. Only the upload's own age decides. The next call retries failed removals.
   */
  async removeSilent(): Promise<void> {
    if (2 * this.#unfinished.size <= this.#parts.maxUnfinished) return
    for (const upload of [...this.#unfinished.values()].filter((one) => this.#isSilent(one)))
      await this.#removeIfSilent(upload).catch(() => {})
  }

  /** Ends the open requests; the bytes that have arrived are kept. */
  async close(): Promise<void> {
    await this.locks.close()
  }

  /**
   * Loads the uploads of an earlier process, so that they count towards the limits from the start.
   */
  async restore(): Promise<void> {
    for (const id of await this.#parts.folder.list()) await this.#find(id)
  }

  get #nowMs(): number {
    return this.#parts.clock.now().getTime()
  }

  #forget({ id }: Upload): void {
    this.#unfinished.delete(id)
    this.#owners.delete(id)
  }

  async #find(id: string): Promise<Upload | null> {
    const known = this.#unfinished.get(id)
    if (known !== undefined) return known
    const stored = await this.#parts.folder.load(id)
    return stored === null ? null : this.#wrap(id, stored)
  }

  #wrap(
    id: string,
    stored: ConstructorParameters<typeof Upload>[1],
    entry: Entry = 'calm',
  ): Upload {
    const { createWalker, clock } = this.#parts
    const upload = new Upload(id, stored, {
      createWalker,
      nowMs: () => clock.now().getTime(),
      entry,
    })
    if (upload.receipt === null) this.#unfinished.set(id, upload)
    return upload
  }

  /**
   * Stores a whole upload. With a store over the network a large one may take longer than a request
   * can wait: storing then continues, and the next request for the same upload waits for it again.
   * @throws IntakeError `BEING_STORED`; AgeError, StoreError.
   */
  async #finish(upload: Upload): Promise<void> {
    const { storingMs = STORING_MS } = this.#parts
    let finishing = this.#finishing.get(upload.id)
    if (finishing === undefined) {
      finishing = this.#finishNow(upload).finally(() => this.#finishing.delete(upload.id))
      this.#finishing.set(upload.id, finishing)
    }
    const late = new AbortController()
    const isLate = sleep(storingMs, true, { signal: late.signal }).catch(() => true)
    const outcome = await Promise.race([finishing, isLate]).finally(() => late.abort())
    // Nobody may wait for it now; its failure is met by the next request, which tries again.
    finishing.catch(() => {})
    if (outcome === true) throw new IntakeError('BEING_STORED', 'the envelope is being stored')
  }

  async #finishNow(upload: Upload): Promise<void> {
    const { queue, counters } = this.#parts
    const { isOldKeyring } = upload
    const receipt = await this.#orRemove(upload, () => upload.finish())
    this.#forget(upload)
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

  /** @throws IntakeError `TOO_MANY_UPLOADS`, `TOO_MANY_UNFINISHED`. */
  #requirePlace(asked: { bytes: number; circuit: Circuit; entry: Entry }): void {
    const counted = [...this.#unfinished.values()].map(({ id, bytes, entry }) => ({
      bytes,
      entry,
      circuit: this.#owners.of(id),
    }))
    const shortage = findShortage(counted, asked, this.#parts)
    if (shortage !== null) throw REFUSALS[shortage]()
  }

  /** An upload that has all its bytes is never silent: it is about to get its receipt. */
  #isSilent(upload: Upload): boolean {
    if (upload.isWhole || this.locks.isHeld(upload.id)) return false
    return isSilentTooLong(upload, this.#nowMs)
  }

  async #removeIfSilent(upload: Upload): Promise<void> {
    if (!this.#isSilent(upload)) return
    const release = await this.locks.acquire(upload.id, () => {})
    await this.remove(upload).finally(release)
  }

  async #sweepAll(): Promise<void> {
    this.#owners.forget()
    for (const id of await this.#parts.folder.list()) {
      // an upload in use is neither whole nor silent, and its request must not wait for the sweep
      if (this.locks.isHeld(id)) continue
      const release = await this.locks.acquire(id, () => {})
      // a failure with one upload must not stop the sweep of the others
      await this.#sweepOne(id)
        .catch(() => {})
        .finally(release)
    }
  }

  async #sweepOne(id: string): Promise<void> {
    const upload = await this.#find(id)
    if (upload === null) return
    if (upload.receipt === null && upload.isWhole) await this.#finish(upload)
    else if (this.#parts.clock.now() >= expiryOf(upload.day, this.#parts.silentDays))
      await this.remove(upload)
  }
}

const REFUSALS: Readonly<Record<Shortage, () => IntakeError>> = {
  own: () => new IntakeError('TOO_MANY_UNFINISHED', 'too many unfinished uploads of one circuit'),
  unproven: () =>
    new IntakeError('TOO_MANY_UPLOADS', 'too many unfinished uploads without a proof of work'),
  number: () => new IntakeError('TOO_MANY_UPLOADS', 'too many unfinished uploads'),
}
