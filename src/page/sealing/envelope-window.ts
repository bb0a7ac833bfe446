import { hex } from '@scure/base'
import type { Envelope } from '../../seal/seal-tip.ts'
import type { Sha256Stream } from './bulk.ts'
import { UploadError } from './upload-error.ts'

/**
 * The sealed part of an envelope that the server has not confirmed: the slice being sent, and the
 * next one, which is sealed meanwhile. Earlier bytes can never be sealed again: if a file had
 * changed, two plaintexts would be sealed under one key and nonce.
 */
export class EnvelopeWindow {
  /** The length of the whole envelope. */
  readonly bytes: number
  readonly #content: AsyncIterator<Uint8Array>
  readonly #digest: Sha256Stream
  /**
   * The envelope from `#start` to `#end`, always in the same memory: the browser would collect
   * separate buffers too late.
   */
  #held = new Uint8Array(0)
  #start = 0
  #end = 0
  #sealing: Promise<void> = Promise.resolve()
  #receipt: string | null = null

  /**
   * Starts sealing immediately, so that the first bytes are made while the server creates the
   * upload.
   */
  constructor(envelope: Envelope, aheadBytes: number, digest: Sha256Stream) {
    this.#digest = digest
    this.bytes = envelope.bytes
    this.#content = envelope.content[Symbol.asyncIterator]()
    this.#sealAhead(aheadBytes)
  }

  /** SHA-256 of the envelope, 64 hex digits; null until the last byte is sealed. */
  get receipt(): string | null {
    return this.#receipt
  }

  /**
   * Returns the bytes from `start` to `end`, valid until the next call. All earlier bytes are
   * forgotten, and as many following bytes are sealed in the background.
   * @throws UploadError `LOST` if `start` was already forgotten, or lies after the last byte
   * returned so far; any error of sealing
   */
  async slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start < this.#start || start > this.#end)
      throw new UploadError('LOST', 'the server asks for bytes that were already forgotten')
    this.#forgetUpTo(start)
    await this.#sealUpTo(end)
    const bytes = this.#held.subarray(0, Math.min(end, this.#end) - start)
    this.#sealAhead(end + (end - start))
    return bytes
  }

  /** Ends sealing and frees its engine for the next envelope. */
  async close(): Promise<void> {
    await this.#content.return?.()
    await this.#sealing.catch(() => undefined)
    this.#held = new Uint8Array(0)
    this.#start = this.#end
  }

  #sealAhead(end: number): void {
    // If this fails, the call of `slice` that needs these bytes reports the error.
    this.#sealUpTo(end).catch(() => undefined)
  }

  #sealUpTo(end: number): Promise<void> {
    this.#sealing = this.#sealing.then(() => this.#pull(Math.min(end, this.bytes)))
    return this.#sealing
  }

  async #pull(end: number): Promise<void> {
    while (this.#end < end) {
      const next = await this.#content.next()
      if (next.done) throw new RangeError('the envelope is shorter than announced')
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
    // Only at the end does the content check that no file has changed, and erase the key.
    const { done } = await this.#content.next()
    if (done !== true) throw new RangeError('the envelope is longer than announced')
    this.#receipt = hex.encode(this.#digest.digest())
  }
}
