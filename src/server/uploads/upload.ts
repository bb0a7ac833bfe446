import { createHash, type Hash } from 'node:crypto'
import { AgeError } from '../../age/errors.ts'
import type { Receipt } from '../../store/blob-store.ts'
import { asStoreError } from '../../store/errors.ts'
import type { StoredUpload } from '../../store/stored-upload.ts'
import { IntakeError } from '../errors.ts'
import type { Entry } from '../fairness/slot.ts'
import type { Walker } from '../receive.ts'

/** What was learned from the bytes so far; it lives in memory only. */
interface Reading {
  hash: Hash
  walker: Walker
}

/** An envelope that comes in several requests: hashed and checked as it comes. */
export class Upload {
  readonly id: string
  readonly #stored: StoredUpload
  readonly #createWalker: () => Walker
  #reading: Reading | null = null
  readonly #nowMs: () => number
  readonly createdMs: number
  /** In memory only: after a restart it is as if nobody had been asked. */
  readonly entry: Entry
  #lastByteMs: number

  constructor(
    id: string,
    stored: StoredUpload,
    parts: { createWalker: () => Walker; nowMs: () => number; entry: Entry },
  ) {
    this.id = id
    this.#stored = stored
    this.#createWalker = parts.createWalker
    this.#nowMs = parts.nowMs
    this.createdMs = parts.nowMs()
    this.entry = parts.entry
    this.#lastByteMs = this.createdMs
  }

  /** The announced length. */
  get bytes(): number {
    return this.#stored.bytes
  }

  /** What is really there; between requests it is also durable. */
  get offset(): number {
    return this.#stored.writtenBytes
  }

  get receipt(): Receipt | null {
    return this.#stored.receipt
  }

  get isWhole(): boolean {
    return this.offset === this.bytes
  }

  get isOldKeyring(): boolean {
    return this.#stored.isOldKeyring
  }

  get day(): Date {
    return this.#stored.day
  }

  /** When a byte was last seen by this process; never written down. */
  get lastByteMs(): number {
    return this.#lastByteMs
  }

  create(): Promise<void> {
    return this.#stored.create()
  }

  /**
   * Takes the next bytes; what came before the source failed is kept.
   * @throws AgeError when this can never be an envelope: the upload must then be removed.
   * @throws IntakeError, StoreError.
   */
  async receive(source: AsyncIterable<Uint8Array>): Promise<void> {
    const reading = await this.#read()
    try {
      await this.#take(source, reading)
    } catch (cause) {
      if (!(cause instanceof AgeError)) await this.#rest()
      throw cause
    }
    await this.#rest()
  }

  /**
   * @returns once the envelope is durable in the spool: from here on the receipt is a promise.
   * @throws AgeError when it does not end as an envelope does, StoreError.
   */
  async finish(): Promise<Receipt> {
    const { hash, walker } = await this.#read()
    walker.finish()
    const receipt = hash.copy().digest('hex')
    await this.#stored.finish(receipt)
    return receipt
  }

  remove(): Promise<void> {
    return this.#stored.remove()
  }

  async #take(source: AsyncIterable<Uint8Array>, { hash, walker }: Reading): Promise<void> {
    let offset = this.offset
    for await (const chunk of source) {
      offset += chunk.length
      if (offset > this.bytes) throw new IntakeError('TOO_LARGE', 'more came than was announced')
      walker.push(chunk)
      hash.update(chunk)
      await this.#stored.append(chunk)
    }
  }

  /** After a failed write fewer bytes are there than were read: they are read again. */
  async #rest(): Promise<void> {
    this.#lastByteMs = this.#nowMs()
    try {
      await this.#stored.rest()
    } catch (cause) {
      this.#reading = null
      throw cause
    }
  }

  /** After a restart what is there is read once more. */
  async #read(): Promise<Reading> {
    if (this.#reading !== null) return this.#reading
    const reading = { hash: createHash('sha256'), walker: this.#createWalker() }
    try {
      for await (const chunk of this.#stored.read()) {
        reading.walker.push(chunk)
        reading.hash.update(chunk)
      }
    } catch (cause) {
      throw cause instanceof AgeError ? cause : asStoreError(cause)
    }
    this.#reading = reading
    return reading
  }
}
