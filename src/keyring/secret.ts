const redacted = '<redacted>'

/**
 * Secret bytes that cannot be printed by accident: `String()`, `JSON.stringify`
 * and `util.inspect` all show `<redacted>`.
 */
export class Secret {
  readonly #bytes: Uint8Array

  /** Takes ownership of the bytes: the caller must not use them afterwards. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  static fromText(text: string): Secret {
    return new Secret(new TextEncoder().encode(text))
  }

  /** The bytes themselves, not a copy, so that `wipe` also clears them for every user. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  /** The text stays in memory until the garbage collector frees it; prefer `reveal`. */
  revealText(): string {
    return new TextDecoder().decode(this.#bytes)
  }

  wipe(): void {
    this.#bytes.fill(0)
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted
  }
}
