/**
 * Reads a stream in the lengths that a tar reader needs: whole blocks for headers, and chunks of
 * any length for content. Holds one chunk of the source and one block of its own.
 */
export class BlockSource {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #block: Uint8Array
  #chunk: Uint8Array = new Uint8Array(0)
  #isDone = false

  constructor(source: AsyncIterable<Uint8Array>, blockBytes: number) {
    this.#source = source[Symbol.asyncIterator]()
    this.#block = new Uint8Array(blockBytes)
  }

  async #fill(): Promise<boolean> {
    while (this.#chunk.length === 0 && !this.#isDone) {
      const next = await this.#source.next()
      if (next.done) this.#isDone = true
      else this.#chunk = next.value
    }
    return this.#chunk.length > 0
  }

  /** Returns up to `maxBytes` bytes as a view of the source's own chunk; null at the end. */
  async some(maxBytes: number): Promise<Uint8Array | null> {
    if (this.#chunk.length === 0 && !(await this.#fill())) return null
    const piece = this.#chunk.subarray(0, maxBytes)
    this.#chunk = this.#chunk.subarray(piece.length)
    return piece
  }

  /**
   * Returns one block, which is valid until the next call. It is shorter or empty only at the end
   * of the stream.
   */
  async block(): Promise<Uint8Array> {
    const size = this.#block.length
    const first = await this.some(size)
    if (first === null || first.length === size) return first ?? this.#block.subarray(0, 0)
    this.#block.set(first)
    let filled = first.length
    while (filled < size) {
      const piece = await this.some(size - filled)
      if (piece === null) break
      this.#block.set(piece, filled)
      filled += piece.length
    }
    return this.#block.subarray(0, filled)
  }

  /** Lets the source clean up when reading stops early. */
  async close(): Promise<void> {
    if (!this.#isDone) await this.#source.return?.()
    this.#isDone = true
  }
}
