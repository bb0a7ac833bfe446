import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import type { Envelope } from '../../seal/seal-tip.ts'
import { UploadError } from './upload-error.ts'

/**
 * The part of an envelope that is sealed and that the server has not confirmed: the one being
 * sent, and the next, which is sealed meanwhile. What lies behind can never be sealed again:
 * if a file had changed, that would be two plaintexts under one key and nonce.
 */
export class EnvelopeWindow {
  /** Of the whole envelope. */
  readonly bytes: number
  readonly #content: AsyncIterator<Uint8Array>
  readonly #digest = sha256.create()
  /**
   * The envelope from `#start` to `#end`, always in the same memory: fresh memory for each part is
   * collected too late.
   */
  #held = new Uint8Array(0)
  #start = 0
  #end = 0
  #sealing: Promise<void> = Promise.resolve()
  #receipt: string | null = null

  /** Begins to seal at once: while the server is asked for an upload, its first bytes are made. */
  constructor(envelope: Envelope, aheadBytes: number) {
    this.bytes = envelope.bytes
    this.#content = envelope.content[Symbol.asyncIterator]()
    this.#sealAhead(aheadBytes)
  }

  /** SHA-256 of the envelope, 64 hex digits; null until the last byte is sealed. */
  get receipt(): string | null {
    return this.#receipt
  }

  /**
   * The bytes from `start` to `end`, good until the next call; all before them are forgotten, as
   * many behind them are sealed in the background.
   * @throws UploadError `LOST` when `start` was forgotten, or is of bytes never given; whatever
   * sealing throws.
   */
  async slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start < this.#start || start > this.#end)
      throw new UploadError('LOST', 'the server asks for bytes that are gone')
    this.#forgetUpTo(start)
    await this.#sealUpTo(end)
    const bytes = this.#held.subarray(0, Math.min(end, this.#end) - start)
    this.#sealAhead(end + (end - start))
    return bytes
  }

  /** Ends the sealing, so that its engine is free for the next. */
  async close(): Promise<void> {
    await this.#content.return?.()
    await this.#sealing.catch(() => undefined)
    this.#held = new Uint8Array(0)
    this.#start = this.#end
  }

  #sealAhead(end: number): void {
    // Its failure is reported by the slice that needs it.
    this.#sealUpTo(end).catch(() => undefined)
  }

  #sealUpTo(end: number): Promise<void> {
    this.#sealing = this.#sealing.then(() => this.#pull(Math.min(end, this.bytes)))
    return this.#sealing
  }

  async #pull(end: number): Promise<void> {
    while (this.#end < end) {
      const next = await this.#content.next()
      if (next.done) throw new RangeError('the envelope is shorter than it said')
      this.#digest.update(next.value)
      this.#hold(next.value)
    }
    if (this.#end === this.bytes && this.#receipt === null) await this.#finish()
  }

  #hold(bytes: Uint8Array): void {
    const heldBytes = this.#end - this.#start
    if (heldBytes + bytes.length > this.#held.length) {
      const larger = new Uint8Array((heldBytes + bytes.length) * 2)
      larger.set(this.#held.subarray(0, heldBytes))
      this.#held = larger
    }
    this.#held.set(bytes, heldBytes)
    this.#end += bytes.length
  }

  #forgetUpTo(start: number): void {
    this.#held.copyWithin(0, start - this.#start, this.#end - this.#start)
    this.#start = start
  }

  async #finish(): Promise<void> {
    // Only the end of the content says that no file has changed, and wipes the key.
    const { done } = await this.#content.next()
    if (done !== true) throw new RangeError('the envelope is longer than it said')
    this.#receipt = hex.encode(this.#digest.digest())
  }
}
