import { compressSha256 } from './sha256-blocks.ts'
import { isAligned, wordsIn } from './words.ts'

const blockBytes = 64
/** FIPS 180-4 §5.3.3. */
const initialState = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]
/** Pieces that are not aligned are copied in parts of this size. */
const copyBytes = 16 * 1024

/** SHA-256 (FIPS 180-4) of a message that comes in pieces. Needs a little-endian machine. */
export class UnrolledSha256 {
  readonly #state = Int32Array.from(initialState)
  /** The beginning of a block that is not complete yet. */
  readonly #block = new Uint8Array(blockBytes)
  readonly #blockWords = wordsIn(this.#block)
  #copy: Uint8Array | null = null
  #bytes = 0

  update(piece: Uint8Array): this {
    const held = this.#bytes % blockBytes
    this.#bytes += piece.length
    const missing = held === 0 ? 0 : blockBytes - held
    if (piece.length < missing) {
      this.#block.set(piece, held)
      return this
    }
    if (missing > 0) {
      this.#block.set(piece.subarray(0, missing), held)
      compressSha256(this.#state, this.#blockWords, 0, 1)
    }
    const end = missing + (piece.length - missing) - ((piece.length - missing) % blockBytes)
    this.#compress(piece.subarray(missing, end))
    this.#block.set(piece.subarray(end))
    return this
  }

  /** The digest, 32 bytes. Nothing may be added afterwards. */
  digest(): Uint8Array {
    const bits = new DataView(new ArrayBuffer(8))
    bits.setUint32(0, Math.floor(this.#bytes / 0x2000_0000))
    bits.setUint32(4, (this.#bytes % 0x2000_0000) * 8)
    // FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits in the last 8 bytes of a block.
    const zeros = (2 * blockBytes - 9 - (this.#bytes % blockBytes)) % blockBytes
    this.update(Uint8Array.of(0x80)).update(new Uint8Array(zeros))
    this.update(new Uint8Array(bits.buffer))
    const digest = new DataView(new ArrayBuffer(32))
    this.#state.forEach((word, number) => digest.setInt32(4 * number, word))
    this.#block.fill(0)
    this.#copy?.fill(0)
    return new Uint8Array(digest.buffer)
  }

  #compress(blocks: Uint8Array): void {
    if (isAligned(blocks))
      return compressSha256(this.#state, wordsIn(blocks), 0, blocks.length / blockBytes)
    const copy = (this.#copy ??= new Uint8Array(copyBytes))
    for (let at = 0; at < blocks.length; at += copyBytes) {
      const part = blocks.subarray(at, at + copyBytes)
      copy.set(part)
      compressSha256(this.#state, wordsIn(copy), 0, part.length / blockBytes)
    }
  }
}
