import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import { concat } from '../../age/bytes.ts'
import type { Envelope } from '../../seal/seal-tip.ts'
import { UploadError } from './upload-error.ts'

interface Stretch {
  start: number
  bytes: Uint8Array
}

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
  #stretches: Stretch[] = []
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
   * The bytes from `start` to `end`; all before them are forgotten, as many behind them are sealed in the background.
   * @throws UploadError `LOST` when `start` was forgotten, or is of bytes never given; whatever sealing throws.
   */
  async slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start < (this.#stretches[0]?.start ?? this.#end) || start > this.#end) {
      throw new UploadError('LOST', 'the server asks for bytes that are gone')
    }
    this.#stretches = this.#stretches.filter((stretch) => stretch.start + stretch.bytes.length > start)
    await this.#sealUpTo(end)
    const bytes = concat(...this.#stretches.map((stretch) => within(stretch, start, end)))
    this.#sealAhead(end + (end - start))
    return bytes
  }

  /** Ends the sealing, so that its engine is free for the next. */
  async close(): Promise<void> {
    await this.#content.return?.()
    await this.#sealing.catch(() => undefined)
    this.#stretches = []
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
      const bytes = next.value.slice()
      this.#digest.update(bytes)
      this.#stretches.push({ start: this.#end, bytes })
      this.#end += bytes.length
    }
    if (this.#end === this.bytes && this.#receipt === null) await this.#finish()
  }

  async #finish(): Promise<void> {
    // Only the end of the content says that no file has changed, and wipes the key.
    const { done } = await this.#content.next()
    if (done !== true) throw new RangeError('the envelope is longer than it said')
    this.#receipt = hex.encode(this.#digest.digest())
  }
}

function within({ start, bytes }: Stretch, from: number, to: number): Uint8Array {
  return bytes.subarray(Math.max(0, from - start), Math.max(0, to - start))
}
