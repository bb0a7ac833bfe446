import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { CodedError } from '../../errors/coded-error.ts'
import { readPieces } from '../../age/read-file.ts'
import type { OriginalCopy } from './original.ts'

/** The envelope on the stick could not be read. */
export class UnreadableError extends CodedError<'UNREADABLE'> {
  override readonly name = 'UnreadableError'
}

/**
 * Reads an envelope once for three purposes: to open it, to digest it, and to copy it into the
 * casebook. The code that opens it may stop early; `finish` reads the rest.
 */
export class EnvelopeReading implements AsyncIterable<Uint8Array> {
  readonly #pieces: AsyncGenerator<Uint8Array>
  readonly #copy: OriginalCopy
  readonly #onBytes: (bytes: number) => void
  readonly #hash = createHash('sha256')
  #writing: Promise<void> = Promise.resolve()
  #isOver = false
  #digest: string | null = null
  bytes = 0

  constructor(file: FileHandle, copy: OriginalCopy, onBytes: (bytes: number) => void) {
    this.#pieces = readPieces(file)
    this.#copy = copy
    this.#onBytes = onBytes
  }

  /** The iterator has no `return`, so a consumer that stops early does not end the reading. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() }
  }

  /**
   * Reads the rest of the envelope. It may be called repeatedly.
   * @returns SHA-256 of the whole envelope, in hex.
   * @throws UnreadableError; errors of the casebook's disk.
   */
  async finish(): Promise<string> {
    while (!this.#isOver) await this.#next()
    return (this.#digest ??= this.#hash.digest('hex'))
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    // The buffer is about to be reused.
    await this.#writing
    if (this.#isOver) return { done: true, value: undefined }
    const next = await this.#pieces.next().catch((cause: NodeJS.ErrnoException) => {
      this.#isOver = true
      // A read error means a worn stick, so only this envelope is refused. Errors of the casebook's
      // disk are thrown by `write` and end the run.
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
    // An error of this write is reported by the next call, which awaits the promise.
    this.#writing.catch(() => undefined)
    this.bytes += next.value.length
    this.#onBytes(next.value.length)
    return { done: false, value: next.value }
  }
}
