import { blockBytes, blockPadding, decodeHeader } from '../tip/tar-header.ts'
import { dropBytes, dropsPerBundle, maxIndexBytes } from './bounds.ts'
import { ReplyError } from './errors.ts'

/** Room for the drops of a bundle, and for the indexes and signatures of many desks. */
export const maxBundleBytes = dropsPerBundle * (blockBytes + dropBytes) + 16 * maxIndexBytes

const maxEntryBytes = Math.max(dropBytes, maxIndexBytes)

/**
 * Takes `newest.tar` or `older-<n>.tar` apart while it arrives. Names and contents are not
 * believed: an index counts by its signature, a drop by its SHA-256 in an index.
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

  /** @throws ReplyError `DROP_INVALID` for what is not such an archive; never any other error. */
  take(piece: Uint8Array): void {
    this.#bytesRead += piece.length
    if (this.#bytesRead > maxBundleBytes) throw invalid()
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
    const { path, bytes: size, type } = headerOf(block)
    if (size > maxEntryBytes) throw invalid()
    const length = blockBytes + size + blockPadding(size)
    if (bytes.length - at < length) return 0
    if (type === '0')
      this.#onFile(
        new TextDecoder().decode(path),
        bytes.slice(at + blockBytes, at + blockBytes + size),
      )
    return length
  }
}

/**
 * The files of a whole bundle by their names. One that ends too early gives the files that are
 * whole.
 * @throws ReplyError `DROP_INVALID` for what is not such an archive; never any other error.
 */
export function readBundle(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  new BundleReader((name, content) => files.set(name, content)).take(bytes)
  return files
}

function headerOf(block: Uint8Array): ReturnType<typeof decodeHeader> {
  try {
    return decodeHeader(block)
  } catch (cause) {
    throw invalid(cause)
  }
}

function invalid(cause?: unknown): ReplyError {
  return new ReplyError('DROP_INVALID', 'this is not an archive of answers', cause)
}
