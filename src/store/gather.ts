/** Chunks of at least this size are kept as they are; smaller ones are copied together. */
const WHOLE_CHUNK_BYTES = 16 * 1024
const BLOCK_BYTES = 64 * 1024

/**
 * Collects chunks into a few large pieces for one `writev`. Without copying small chunks together,
 * a body sent byte by byte would take a hundred times its size in small buffers.
 */
export class Gather {
  #pieces: Uint8Array[] = []
  #block: Uint8Array | null = null
  #used = 0
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    if (chunk.length >= WHOLE_CHUNK_BYTES) {
      this.#seal()
      this.#pieces.push(chunk)
    } else {
      this.#copy(chunk)
    }
  }

  /** Returns all collected pieces in order, and empties the collection. */
  take(): Uint8Array[] {
    this.#seal()
    const pieces = this.#pieces
    this.#pieces = []
    this.#bytes = 0
    return pieces
  }

  #copy(chunk: Uint8Array): void {
    if (this.#block !== null && this.#used + chunk.length > BLOCK_BYTES) this.#seal()
    this.#block ??= new Uint8Array(BLOCK_BYTES)
    this.#block.set(chunk, this.#used)
    this.#used += chunk.length
  }

  #seal(): void {
    if (this.#block !== null) this.#pieces.push(this.#block.subarray(0, this.#used))
    this.#block = null
    this.#used = 0
  }
}
