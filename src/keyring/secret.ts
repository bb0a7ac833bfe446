const redacted = '<redacted>'

/**
 * Secret bytes that cannot be printed by accident: `String()`, `JSON.stringify`
 * and `util.inspect` all show `<redacted>`.
 */
export class Secret {
  readonly #bytes: Uint8Array

  /** Takes the bytes over: the caller keeps no other use of them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  static fromText(text: string): Secret {
    return new Secret(new TextEncoder().encode(text))
  }

  /** The bytes themselves, not a copy, so that `wipe` reaches every holder. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  /** Text lives on in the engine's heap until it is collected; prefer `reveal`. */
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
