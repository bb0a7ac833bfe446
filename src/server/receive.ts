import { createHash } from 'node:crypto'
import type { EnvelopeShape } from '../age/walk.ts'
import type { BlobStore, Receipt, StagedBlob } from '../store/blob-store.ts'
import { StoreError } from '../store/errors.ts'
import { IntakeError } from './errors.ts'

/**
 * Announcing costs nothing: what is kept free for one that comes in one go is no more than this,
 * until its bytes are there.
 */
const MOST_CLAIMED_BYTES = 64 * 1024 * 1024

export interface Received {
  receipt: Receipt
  bytes: number
}

/** What is asked of `EnvelopeWalker`. */
export interface Walker {
  push(chunk: Uint8Array): void
  finish(): EnvelopeShape
}

export interface ReceiveOptions {
  spool: Pick<BlobStore, 'stage' | 'freeBytes'>
  /** The largest envelope taken, in bytes. */
  maxBytes: number
  /** The exact length, where the protocol says it. */
  expectedBytes?: number
  /** Bytes to keep space for where the exact length is not known. */
  announcedBytes?: number
  walker: Walker
}

/** An envelope on its way into the spool: hashed and checked as it comes. */
export class EnvelopeIntake {
  readonly #options: ReceiveOptions
  readonly #staged: StagedBlob
  readonly #hash = createHash('sha256')
  #bytes = 0

  constructor(options: ReceiveOptions, staged: StagedBlob) {
    this.#options = options
    this.#staged = staged
  }

  /** Bytes seen so far. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes all bytes of the envelope; the first ones that cannot be age end it.
   * @throws IntakeError, AgeError, StoreError; nothing is kept then.
   */
  async fill(source: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of source) await this.#take(chunk)
      this.#finish()
    } catch (cause) {
      await this.discard()
      throw cause
    }
  }

  /** @returns once the envelope is durable: from here on the receipt is a promise. */
  async commit(): Promise<Received> {
    const receipt = this.#hash.digest('hex')
    await this.#staged.commit('incoming', receipt)
    return { receipt, bytes: this.#bytes }
  }

  /** Safe to call twice, and after `commit`. */
  discard(): Promise<void> {
    return this.#staged.discard()
  }

  async #take(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length
    if (this.#bytes > this.#options.maxBytes)
      throw new IntakeError('TOO_LARGE', 'the envelope is over the limit')
    this.#options.walker.push(chunk)
    this.#hash.update(chunk)
    await this.#staged.write(chunk)
  }

  #finish(): void {
    const { expectedBytes, walker } = this.#options
    if (expectedBytes !== undefined && expectedBytes !== this.#bytes) {
      throw new IntakeError('LENGTH_MISMATCH', 'the envelope is not as long as announced')
    }
    walker.finish()
  }
}

/**
 * Opens the spool before a byte is read, so that a full disk is known early.
 * @throws IntakeError `TOO_LARGE`, StoreError `NO_SPACE`.
 */
export async function openIntake(options: ReceiveOptions): Promise<EnvelopeIntake> {
  const announced = options.expectedBytes ?? options.announcedBytes ?? 0
  if (options.expectedBytes !== undefined && options.expectedBytes > options.maxBytes) {
    throw new IntakeError('TOO_LARGE', 'the announced length is over the limit')
  }
  if (announced > MOST_CLAIMED_BYTES && announced > (await options.spool.freeBytes())) {
    throw new StoreError('NO_SPACE', 'the announced length is more than there is room for')
  }
  return new EnvelopeIntake(
    options,
    await options.spool.stage(Math.min(announced, MOST_CLAIMED_BYTES)),
  )
}
