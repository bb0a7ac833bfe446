import type { BlobReader } from './blob-reader.ts'
import { malformed } from './errors.ts'
import type { Patch } from './patches.ts'

interface Range {
  start: number
  end: number
}

/** The bytes of an item, which may be spread over several ranges of the file. */
export class ItemBytes {
  readonly bytes: number
  readonly #reader: BlobReader
  readonly #ranges: readonly Range[]

  constructor(reader: BlobReader, ranges: readonly Range[]) {
    this.#reader = reader
    this.#ranges = ranges
    this.bytes = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  }

  async read(at: number, bytes: number): Promise<Uint8Array> {
    const ranges = this.#locate(at, at + bytes)
    const [first] = ranges
    if (ranges.length === 1 && first !== undefined)
      return await this.#reader.read(first.start, first.end - first.start)
    const whole = new Uint8Array(bytes)
    let filled = 0
    for (const { start, end } of ranges) {
      whole.set(await this.#reader.read(start, end - start), filled)
      filled += end - start
    }
    return whole
  }

  overwrite(at: number, content: Uint8Array): Patch[] {
    let taken = 0
    return this.#locate(at, at + content.length).map(({ start, end }) => {
      taken += end - start
      return { start, end, content: content.subarray(taken - (end - start), taken) }
    })
  }

  /** @throws CleaningError `MALFORMED` past the end of the item */
  #locate(from: number, to: number): Range[] {
    if (to > this.bytes) throw malformed('a coded picture')
    const found: Range[] = []
    let at = 0
    for (const { start, end } of this.#ranges) {
      const [low, high] = [Math.max(from, at), Math.min(to, at + end - start)]
      if (high > low) found.push({ start: start + low - at, end: start + high - at })
      at += end - start
    }
    return found
  }
}
