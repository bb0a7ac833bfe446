import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { CodedError } from '../../errors/coded-error.ts'
import { readPieces } from '../../age/read-file.ts'
import type { OriginalCopy } from './original.ts'

/** The stick gave back something else than bytes. */
export class UnreadableError extends CodedError<'UNREADABLE'> {
  override readonly name = 'UnreadableError'
}

/**
 * One reading of an envelope that serves three: whoever opens it, its digest, and the casebook's
 * copy. Whoever opens may stop early; `finish` reads on to the end.
 */
export class EnvelopeReading implements AsyncIterable<Uint8Array> {
  readonly #pieces: AsyncGenerator<Uint8Array>
  readonly #copy: OriginalCopy
  readonly #onBytes: (bytes: number) => void
  readonly #hash = createHash('sha256')
  #writing: Promise<void> = Promise.resolve()
  #isOver = false
  bytes = 0

  constructor(file: FileHandle, copy: OriginalCopy, onBytes: (bytes: number) => void) {
    this.#pieces = readPieces(file)
    this.#copy = copy
    this.#onBytes = onBytes
  }

  /** Without `return`: that a reader leaves is not the end. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() }
  }

  /**
   * @returns SHA-256 of the whole envelope, in hex. @throws UnreadableError; what the casebook's
   * disk throws.
   */
  async finish(): Promise<string> {
    while (!this.#isOver) await this.#next()
    return this.#hash.digest('hex')
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    // The memory is about to be used again.
    await this.#writing
    if (this.#isOver) return { done: true, value: undefined }
    const next = await this.#pieces.next().catch((cause: NodeJS.ErrnoException) => {
      this.#isOver = true
      // A worn stick: this envelope is refused, and the rest goes on. What the casebook's disk
      // throws is no such thing.
      throw new UnreadableError(
        'UNREADABLE',
        `the envelope cannot be read (${cause.code}): export it again to another stick`,
        { cause },
      )
    })
    if (next.done === true) {
      this.#isOver = true
      return { done: true, value: undefined }
    }
    this.#hash.update(next.value)
    this.#writing = this.#copy.write(next.value)
    // Reported by whoever reads on.
    this.#writing.catch(() => undefined)
    this.bytes += next.value.length
    this.#onBytes(next.value.length)
    return { done: false, value: next.value }
  }
}
