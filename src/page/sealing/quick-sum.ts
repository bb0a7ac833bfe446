/**
 * Tells whether two readings of a file gave the same bytes. A second SHA-256 would halve the
 * speed of sealing in Safer, where this costs a fortieth; and whoever could forge this one has
 * the file, and the device, in hand. Both readings must come in pieces of the same lengths.
 */
export class QuickSum {
  #low = 0x811c9dc5
  #high = 1

  /** The piece begins at a multiple of four in its memory. */
  update(piece: Uint8Array): void {
    const words = new Uint32Array(piece.buffer, piece.byteOffset, piece.length >> 2)
    let [low, high] = [this.#low, this.#high]
    // By index: in Safer an iterator takes longer than the sum itself.
    for (let at = 0; at < words.length; at++) {
      low = Math.imul(low ^ (words[at] ?? 0), 0x01000193)
      high = (Math.imul(high, 31) + low) | 0
    }
    for (let at = piece.length & ~3; at < piece.length; at++) {
      // A byte is not the word with its value.
      low = Math.imul(low ^ (0x100 | (piece[at] ?? 0)), 0x01000193)
      high = (Math.imul(high, 31) + low) | 0
    }
    this.#low = low
    this.#high = high
  }

  result(): string {
    return `${this.#low} ${this.#high}`
  }
}
