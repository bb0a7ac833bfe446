import { createHash, type Hash } from 'node:crypto'
import { AgeError } from '../../age/errors.ts'
import { maxHeaderBytes } from '../../age/header.ts'
import type { Receipt } from '../../store/blob-store.ts'
import { asStoreError } from '../../store/errors.ts'
import type { StoredUpload } from '../../store/stored-upload.ts'
import { IntakeError } from '../errors.ts'
import type { Entry } from '../fairness/slot.ts'
import type { Walker } from '../receive.ts'

/** State of hashing and checking the bytes received so far; kept in memory only. */
interface Reading {
  hash: Hash
  walker: Walker
}

/** An envelope that arrives in several requests. It is hashed and checked as it arrives. */
export class Upload {
  readonly id: string
  readonly #stored: StoredUpload
  readonly #createWalker: () => Walker
  #reading: Reading | null = null
  readonly #nowMs: () => number
  /** Kept in memory only: after a restart every upload counts as `calm`. */
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
    this.entry = parts.entry
    this.#lastByteMs = parts.nowMs()
  }

  /** The announced length. */
  get bytes(): number {
    return this.#stored.bytes
  }

  /** Number of stored bytes; between requests they are also durable. */
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

  /** When this process created the upload or last received a byte of it; never written down. */
  get lastByteMs(): number {
    return this.#lastByteMs
  }

  create(): Promise<void> {
    return this.#stored.create()
  }

  /**
   * Takes the next bytes. Those that arrived before the source failed are kept.
   * @param admitMore may throw, given the number of bytes that will have arrived.
   * @throws AgeError when this can never be an envelope: the upload must then be removed.
   * @throws IntakeError, StoreError.
   */
  async receive(
    source: AsyncIterable<Uint8Array>,
    admitMore: (arrivedBytes: number) => void = () => {},
  ): Promise<void> {
    const reading = await this.#read()
    try {
      await this.#take(source, reading, admitMore)
    } catch (cause) {
      if (!(cause instanceof AgeError)) await this.#rest()
      throw cause
    }
    await this.#rest()
  }

  /**
   * @returns once the envelope is durable in the spool. From then on the receipt is valid.
   * @throws AgeError if the bytes do not end like a complete envelope, StoreError.
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

  async #take(
    source: AsyncIterable<Uint8Array>,
    { hash, walker }: Reading,
    admitMore: (arrivedBytes: number) => void,
  ): Promise<void> {
    let offset = this.offset
    for await (const chunk of source) {
      offset += chunk.length
      if (offset > this.bytes)
        throw new IntakeError('TOO_LARGE', 'more bytes arrived than were announced')
      admitMore(offset)
      walker.push(chunk)
      hash.update(chunk)
      await this.#stored.append(chunk)
    }
  }

  /**
   * Makes the bytes durable. The reading state is dropped in two cases. If a write failed, fewer
   * bytes are stored than were read. While the header is incomplete, its parser takes 64 KiB of
   * memory, and reading so few bytes again costs nothing.
   */
  async #rest(): Promise<void> {
    this.#lastByteMs = this.#nowMs()
    try {
      await this.#stored.rest()
      if (this.offset < maxHeaderBytes && !this.isWhole) this.#reading = null
    } catch (cause) {
      this.#reading = null
      throw cause
    }
  }

  /**
   * Returns the reading state. If there is none, as after a restart, the stored bytes are read
   * again.
   */
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
