import { malformed } from './errors.ts'

/** Reads numbers and names from untrusted bytes, never past their end. */
export class ByteCursor {
  at: number
  readonly #bytes: Uint8Array
  readonly #isLittleEndian: boolean

  constructor(bytes: Uint8Array, { at = 0, isLittleEndian = false } = {}) {
    this.#bytes = bytes
    this.at = at
    this.#isLittleEndian = isLittleEndian
  }

  get leftBytes(): number {
    return this.#bytes.length - this.at
  }

  /** @throws CleaningError `MALFORMED` if fewer bytes are left */
  take(bytes: number): Uint8Array {
    if (bytes > this.leftBytes) throw malformed('a structure')
    this.at += bytes
    return this.#bytes.subarray(this.at - bytes, this.at)
  }

  /** @throws CleaningError `MALFORMED` past the end, and for numbers that are not safe integers */
  uint(bytes: number): number {
    const digits = this.take(bytes)
    const value = (this.#isLittleEndian ? digits.toReversed() : digits).reduce(
      (high, low) => high * 256 + low,
      0,
    )
    if (!Number.isSafeInteger(value)) throw malformed('a number')
    return value
  }

  /** Decodes each byte as one character (Latin-1). */
  text(bytes: number): string {
    return Array.from(this.take(bytes), (byte) => String.fromCharCode(byte)).join('')
  }
}
