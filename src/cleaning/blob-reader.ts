import { ByteCursor } from './byte-cursor.ts'
import { CleaningError, malformed } from './errors.ts'

/** How much is read at once, so that a picture of 100 MB does not take 100 MB of memory. */
export const windowBytes = 256 * 1024

/**
 * The largest piece that is held in memory. Colour profiles and tables of offsets are read in one
 * piece; the picture's own data is not.
 */
export const maxPieceBytes = 4 * 1024 * 1024

/**
 * Limits every loop that follows length fields through a file. It is enough for 8 GiB in libpng's
 * chunks of 8 KiB.
 */
export const maxReads = 1_000_000

/** Random access to a file through one buffer. */
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
   * Returns a view of the bytes, whose content does not change later. Errors of the platform, such
   * as for a deleted file, are passed on.
   *
   * @throws CleaningError `MALFORMED` past the end or for a negative length; `TOO_LARGE` for more
   * than {@link maxPieceBytes}, or after {@link maxReads} reads
   */
  async read(start: number, bytes: number): Promise<Uint8Array> {
    this.#reads += 1
    if (bytes > maxPieceBytes || this.#reads > maxReads)
      throw new CleaningError('TOO_LARGE', 'the picture needs too much memory or too many reads')
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
