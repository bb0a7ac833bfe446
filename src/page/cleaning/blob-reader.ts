import { ByteCursor } from './byte-cursor.ts'
import { CleaningError, malformed } from './errors.ts'

/** What is read at once: a hundred-megabyte picture must not cost a hundred megabytes of memory. */
export const windowBytes = 256 * 1024

/**
 * The most that is ever held in one piece: profiles and tables of what is where; the picture itself
 * is not read so.
 */
export const maxPieceBytes = 4 * 1024 * 1024

/**
 * Bounds every loop that follows lengths through a file: libpng's 8 KiB pieces reach 8 GiB with it.
 */
export const maxReads = 1_000_000

/** Reads a file here and there, through one window. */
export class BlobReader {
  readonly bytes: number
  readonly #blob: Blob
  #window = new Uint8Array()
  #windowStart = 0
  #reads = 0

  constructor(blob: Blob) {
    this.#blob = blob
    this.bytes = blob.size
  }

  /**
   * A view that stays as it is. What the platform throws when the file is gone comes through.
   *
   * @throws CleaningError `MALFORMED` past the end or for less than no bytes, `TOO_LARGE` over
   * {@link maxPieceBytes} or after {@link maxReads}.
   */
  async read(start: number, bytes: number): Promise<Uint8Array> {
    this.#reads += 1
    if (bytes > maxPieceBytes || this.#reads > maxReads)
      throw new CleaningError('TOO_LARGE', 'more than is read of a picture')
    if (bytes < 0 || start + bytes > this.bytes) throw malformed('the end of the file')
    if (start < this.#windowStart || start + bytes > this.#windowStart + this.#window.length)
      await this.#load(start, bytes)
    return this.#window.subarray(start - this.#windowStart, start - this.#windowStart + bytes)
  }

  async cursor(
    start: number,
    bytes: number,
    options: { isLittleEndian?: boolean } = {},
  ): Promise<ByteCursor> {
    return new ByteCursor(await this.read(start, bytes), options)
  }

  async #load(start: number, bytes: number): Promise<void> {
    const end = Math.min(this.bytes, start + Math.max(bytes, windowBytes))
    this.#window = new Uint8Array(await this.#blob.slice(start, end).arrayBuffer())
    this.#windowStart = start
    if (this.#window.length < bytes) throw malformed('the end of the file')
  }
}
