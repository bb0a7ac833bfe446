/**
 * The primitives that age needs, behind one interface: libsodium with `node:crypto` in Node, noble
 * in the page. The same tests check both providers.
 */
export interface Primitives {
  randomBytes(length: number): Uint8Array
  sha256(message: Uint8Array): Uint8Array
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array
  /** X25519 (RFC 7748 §5) of a 32-byte scalar and point; null for a point of low order (§6.1). */
  x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array | null
  x25519PublicKey(scalar: Uint8Array): Uint8Array
  /** X-Wing (draft-connolly-cfrg-xwing-kem) public key, 1216 bytes, of a 32-byte seed. */
  xwingPublicKey(seed: Uint8Array): Uint8Array
  /** `encapsulation`: 1120 bytes; `sharedSecret`: 32 bytes. Null if the key is not valid. */
  xwingEncapsulate(
    publicKey: Uint8Array,
  ): { encapsulation: Uint8Array; sharedSecret: Uint8Array } | null
  /** 32 bytes; null if the X25519 share of the encapsulation is a point of low order. */
  xwingDecapsulate(seed: Uint8Array, encapsulation: Uint8Array): Uint8Array | null
  /**
   * ChaCha20-Poly1305 (RFC 8439): the ciphertext followed by the 16-byte tag. If `output` is given
   * the result is written to its beginning; it must not overlap the input.
   */
  chacha20Poly1305Seal(
    key: Uint8Array,
    nonce: Uint8Array,
    plaintext: Uint8Array,
    output?: Uint8Array,
  ): Uint8Array
  /**
   * Null if the tag does not match. `output` works as in sealing, and never receives plaintext with
   * a wrong tag.
   */
  chacha20Poly1305Open(
    key: Uint8Array,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    output?: Uint8Array,
  ): Uint8Array | null
}
