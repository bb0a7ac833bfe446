import { AgeError } from '../../age/errors.ts'
import type { Clock } from '../../time/clock.ts'
import {
  openUploadFolder,
  type UploadFolder,
  type UploadFolderOptions,
} from '../../store/upload-folder.ts'
import { IntakeError } from '../errors.ts'
import type { Walker } from '../receive.ts'
import { chooseUnfinished, type Unfinished } from './choose-unfinished.ts'
import { expiryOf } from './expiry.ts'
import type { Circuit } from '../fairness/circuit.ts'
import type { Entry } from '../fairness/slot.ts'
import { UploadLocks } from './locks.ts'
import { UploadOwners } from './owners.ts'
import { findShortage, mayMakeRoom, type Shortage, weigher } from './room.ts'
import { Upload } from './upload.ts'

export interface UploadsParts {
  folder: UploadFolder
  queue: { announce(receipt: string): void }
  counters: { countOldKeyring(): void }
  clock: Clock
  createWalker: () => Walker
  /** Unfinished uploads at once; each takes up to 64 KiB of memory. */
  maxUnfinished: number
  /** Of those, one circuit's. */
  circuitUnfinished: number
  /** Whole days an upload may go without a byte. */
  silentDays: number
}

/** @throws StoreError when the data folder cannot be used. */
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

/** All uploads that come in several requests. `locks` guard whatever is asked of one of them. */
export class Uploads {
  readonly locks = new UploadLocks()
  readonly #parts: UploadsParts
  readonly #owners: UploadOwners
  readonly #unfinished = new Map<string, Upload>()
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
   * `NO_SPACE`.
   */
  async create(
    id: string,
    {
      circuit,
      entry,
      ...announced
    }: { bytes: number; isOldKeyring: boolean; circuit: Circuit; entry: Entry },
  ): Promise<Upload> {
    await this.#makeRoom({ bytes: announced.bytes, circuit, entry })
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

  /**
   * Takes the next bytes, and commits the envelope with the last one. What cannot be age is not
   * kept.
   */
  async receive(
    upload: Upload,
    source: AsyncIterable<Uint8Array>,
    circuit: Circuit,
  ): Promise<void> {
    this.#owners.set(upload.id, circuit)
    await this.#orRemove(upload, () => upload.receive(source))
    if (upload.isWhole) await this.#finish(upload)
  }

  /** Its bytes and its record. The envelope of a finished one is the spool's, and stays. */
  async remove(upload: Upload): Promise<void> {
    this.#forget(upload)
    await upload.remove()
  }

  /**
   * At start and now and then: finishes what is whole, removes what has expired. What fails waits
   * for the next time.
   */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepAll()
      .catch(() => {})
      .finally(() => {
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

  async #finish(upload: Upload): Promise<void> {
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

  async #makeRoom({
    bytes,
    circuit,
    entry,
  }: {
    bytes: number
    circuit: Circuit
    entry: Entry
  }): Promise<void> {
    for (;;) {
      const unfinished = this.#describe()
      const { folder } = this.#parts
      const shortage = findShortage(
        unfinished,
        { bytes, circuit, entry, freeBytes: folder.freeBytes() },
        this.#parts,
      )
      if (shortage === null) return
      const weightOf = weigher(unfinished, shortage)
      // one that has all its bytes is about to become a receipt
      const candidates = unfinished.filter(
        (one) =>
          !one.upload.isWhole &&
          (shortage !== 'own' || one.circuit === circuit) &&
          mayMakeRoom(one.entry, entry, shortage),
      )
      const victim = chooseUnfinished(candidates, weightOf(circuit), {
        nowMs: this.#nowMs,
        weightOf,
      })
      if (victim === null) throw REFUSALS[shortage]()
      await this.#giveUp(victim.upload)
    }
  }

  async #giveUp(upload: Upload): Promise<void> {
    const release = await this.locks.acquire(upload.id, () => {})
    try {
      // its last byte may have come while it was made to stop
      if (!upload.isWhole) await this.remove(upload)
    } finally {
      release()
    }
  }

  #describe(): (Unfinished & { upload: Upload })[] {
    return [...this.#unfinished.values()].map((upload) => {
      const { id, bytes, offset, createdMs, lastByteMs, entry } = upload
      return {
        upload,
        entry,
        bytes,
        offset,
        createdMs,
        lastByteMs,
        circuit: this.#owners.of(id),
        isBusy: this.locks.isHeld(id),
      }
    })
  }

  async #sweepAll(): Promise<void> {
    this.#owners.forget()
    for (const id of await this.#parts.folder.list()) {
      // one that is being used is neither whole nor silent, and must not be held up
      if (this.locks.isHeld(id)) continue
      const release = await this.locks.acquire(id, () => {})
      // whatever is wrong with one of them must not keep the others
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
  bytes: () => new IntakeError('NO_SPACE', 'too much is announced by unfinished uploads'),
}
