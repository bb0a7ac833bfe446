import { createHash } from 'node:crypto'
import type { EnvelopeShape } from '../age/walk.ts'
import type { BlobStore, Receipt, StagedBlob } from '../store/blob-store.ts'
import { IntakeError } from './errors.ts'
import type { SpaceState } from './space-state.ts'

export interface Received {
  receipt: Receipt
  bytes: number
}

/** The part of `EnvelopeWalker` that is used here. */
export interface Walker {
  push(chunk: Uint8Array): void
  finish(): EnvelopeShape
}

export interface ReceiveOptions {
  spool: Pick<BlobStore, 'stage'>
  space: Pick<SpaceState, 'admit' | 'admitMore'>
  /** The largest envelope that is accepted, in bytes. */
  maxBytes: number
  /** The exact length, if the protocol announces it. */
  expectedBytes?: number
  /** Length of a body that contains the envelope and a little more. */
  announcedBytes?: number
  walker: Walker
}

/** An envelope that is being written to the spool. It is hashed and checked as it arrives. */
export class EnvelopeIntake {
  readonly #options: ReceiveOptions
  readonly #staged: StagedBlob
  readonly #hash = createHash('sha256')
  #bytes = 0

  constructor(options: ReceiveOptions, staged: StagedBlob) {
    this.#options = options
    this.#staged = staged
  }

  /** Bytes that have arrived. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes all bytes of the envelope, and stops at the first bytes that cannot belong to an age
   * file.
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

  /** @returns once the envelope is durable. From then on the receipt is valid. */
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
    this.#checkSpace()
    this.#options.walker.push(chunk)
    this.#hash.update(chunk)
    await this.#staged.write(chunk)
  }

  /**
   * Checks the space before more bytes are written. An announced length has already been checked.
   */
  #checkSpace(): void {
    const { space, expectedBytes, announcedBytes } = this.#options
    if (expectedBytes === undefined && announcedBytes === undefined) space.admit(this.#bytes)
    space.admitMore(this.#bytes)
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
 * Opens the spool before a byte is read, so that a refusal comes early. The announced length is
 * compared with constants and with the published level only. No space is reserved for it, because
 * a reservation could be measured by others.
 * @throws IntakeError `TOO_LARGE`, StoreError `NO_SPACE`.
 */
export async function openIntake(options: ReceiveOptions): Promise<EnvelopeIntake> {
  const announced = options.expectedBytes ?? options.announcedBytes ?? 0
  if (options.expectedBytes !== undefined && options.expectedBytes > options.maxBytes) {
    throw new IntakeError('TOO_LARGE', 'the announced length is over the limit')
  }
  options.space.admit(announced)
  return new EnvelopeIntake(options, await options.spool.stage())
}
