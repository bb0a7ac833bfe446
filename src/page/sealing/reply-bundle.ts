import { dropBytes, maxIndexBytes } from '../../replies/bounds.ts'
import { blockBytes, blockPadding, decodeHeader } from '../../tip/tar-header.ts'

/** Drops in the file that every visit fetches. */
export const dropsInBundle = 14

/** The most that is read of `newest.tar`: its drops, and room for the indexes of several desks. */
export const maxBundleBytes = dropsInBundle * (dropBytes + blockBytes) + 8 * maxIndexBytes

const maxEntryBytes = Math.max(dropBytes, maxIndexBytes)

/**
 * Takes `newest.tar` apart while it arrives. Names and contents are not believed: an index is
 * checked by its signature, and a drop by its digest in an index.
 */
export class BundleReader {
  readonly #onFile: (name: string, bytes: Uint8Array) => void
  #waiting = new Uint8Array(0)
  #bytesRead = 0
  #isOver = false

  constructor(onFile: (name: string, bytes: Uint8Array) => void) {
    this.#onFile = onFile
  }

  /** Bytes taken so far: where the next request continues. */
  get bytesRead(): number {
    return this.#bytesRead
  }

  /** Whether the end of the archive was seen. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** @throws TypeError or TipError for what is not a bundle of ours */
  take(piece: Uint8Array): void {
    this.#bytesRead += piece.length
    if (this.#bytesRead > maxBundleBytes) throw new TypeError('the bundle is too long')
    if (this.#isOver) return
    const waiting = new Uint8Array(this.#waiting.length + piece.length)
    waiting.set(this.#waiting)
    waiting.set(piece, this.#waiting.length)
    let at = 0
    for (let length = this.#entry(waiting, at); length > 0; length = this.#entry(waiting, at))
      at += length
    this.#waiting = waiting.slice(at)
  }

  /** Reads the entry at `at`. @returns its length with header and padding; 0 if more is needed. */
  #entry(bytes: Uint8Array, at: number): number {
    if (this.#isOver || bytes.length - at < blockBytes) return 0
    const block = bytes.subarray(at, at + blockBytes)
    if (block.every((byte) => byte === 0)) {
      this.#isOver = true
      return 0
    }
    const { path, bytes: size } = decodeHeader(block)
    if (size > maxEntryBytes) throw new TypeError('an entry of the bundle is too long')
    const length = blockBytes + size + blockPadding(size)
    if (bytes.length - at < length) return 0
    this.#onFile(
      new TextDecoder().decode(path),
      bytes.slice(at + blockBytes, at + blockBytes + size),
    )
    return length
  }
}
