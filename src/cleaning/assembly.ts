import type { BlobReader } from './blob-reader.ts'
import { areEqual } from './bytes.ts'
import { CleaningError } from './errors.ts'

/** The browser creates an object for each part. A well-formed picture needs a few dozen. */
export const maxParts = 20_000

type Part = { start: number; end: number } | Uint8Array<ArrayBuffer>

/**
 * The cleaned picture under construction: ranges of the original file, and a few bytes of our own.
 */
export class Assembly {
  /** Whether a profile for printing stays, which may tell where the picture was prepared. */
  keepsPrintProfile = false
  readonly #parts: Part[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  keep(start: number, end: number): void {
    const last = this.#parts.at(-1)
    this.#bytes += end - start
    if (last !== undefined && 'start' in last && last.end === start) last.end = end
    else if (end > start) this.#add({ start, end })
  }

  put(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes += bytes.length
    this.#add(bytes)
  }

  /**
   * Puts `bytes` in the place of the original's `start` to `end`. If they are equal, the original
   * is kept.
   */
  async replace(
    reader: BlobReader,
    start: number,
    end: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    if (end - start === bytes.length && areEqual(await reader.read(start, bytes.length), bytes))
      this.keep(start, end)
    else this.put(bytes)
  }

  append(other: Assembly): void {
    for (const part of other.#parts) {
      if ('start' in part) this.keep(part.start, part.end)
      else this.put(part)
    }
  }

  /** Whether the result is exactly the original file. */
  isWhole(file: Blob): boolean {
    const [first] = this.#parts
    return (
      this.#parts.length === 1 &&
      first !== undefined &&
      'start' in first &&
      first.start === 0 &&
      first.end === file.size
    )
  }

  toBlob(file: Blob): Blob {
    return new Blob(
      this.#parts.map((part) => ('start' in part ? file.slice(part.start, part.end) : part)),
    )
  }

  #add(part: Part): void {
    if (this.#parts.length === maxParts)
      throw new CleaningError('TOO_LARGE', `the picture has over ${maxParts} parts`)
    this.#parts.push(part)
  }
}
