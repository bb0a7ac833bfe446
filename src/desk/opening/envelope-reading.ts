import type { FileHandle } from 'node:fs/promises'
import { CodedError } from '../../errors/coded-error.ts'
import type { OriginalCopy } from './original.ts'

/** The envelope on the stick could not be read. */
export class UnreadableError extends CodedError<'UNREADABLE'> {
  override readonly name = 'UnreadableError'
}

const pieceBytes = 1024 * 1024

/**
 * Reads an envelope once for three purposes: to open it, to digest it, and to copy it into the
 * casebook. The code that opens it may stop early; `finish` reads the rest.
 */
export class EnvelopeReading implements AsyncIterable<Uint8Array> {
  readonly #file: FileHandle
  readonly #copy: OriginalCopy
  readonly #onBytes: (bytes: number) => void
  /** One is read ahead into while the other is in use, because sticks are slow. */
  readonly #buffers: [Uint8Array, Uint8Array]
  #ahead: Promise<Uint8Array | NodeJS.ErrnoException> | null = null
  #isOver = false
  bytes = 0

  constructor(file: FileHandle, size: number, copy: OriginalCopy, onBytes: (n: number) => void) {
    this.#file = file
    this.#copy = copy
    this.#onBytes = onBytes
    // One byte more than a small envelope has, so that its end is seen without a second buffer.
    const length = Math.min(pieceBytes, size + 1)
    this.#buffers = [new Uint8Array(length), new Uint8Array(length)]
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
    return await this.#copy.digest()
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#isOver) return { done: true, value: undefined }
    const piece = await (this.#ahead ?? this.#readAt(0))
    if (piece instanceof Error) {
      this.#isOver = true
      // A read error means a worn stick, so only this envelope is refused. Errors of the casebook's
      // disk are thrown by `write` and end the run.
      throw new UnreadableError(
        'UNREADABLE',
        `the envelope cannot be read (${piece.code}): export it again to another stick`,
        { cause: piece },
      )
    }
    if (piece.length === 0) {
      this.#isOver = true
      return { done: true, value: undefined }
    }
    this.bytes += piece.length
    this.#buffers.reverse()
    this.#ahead = this.#readAt(this.bytes)
    this.#copy.write(piece)
    this.#onBytes(piece.length)
    return { done: false, value: piece }
  }

  /** Never rejects, because the result may be awaited late or not at all. */
  #readAt(position: number): Promise<Uint8Array | NodeJS.ErrnoException> {
    const [buffer] = this.#buffers
    return this.#file.read(buffer, 0, buffer.length, position).then(
      ({ bytesRead }) => buffer.subarray(0, bytesRead),
      (error: NodeJS.ErrnoException) => error,
    )
  }
}
