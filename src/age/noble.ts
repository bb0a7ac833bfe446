import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 as curve } from '@noble/curves/ed25519.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js'
import { nullIfRefused } from './null-if-refused.ts'
import type { Primitives } from './primitives.ts'
import { tagBytes } from './stream.ts'

/** The page's provider: plain JavaScript, so it is the same code at every Tor Browser level. */
export const noblePrimitives: Primitives = {
  randomBytes: (length) => randomBytes(length),
  sha256: (message) => sha256(message),
  hmacSha256: (key, message) => hmac(sha256, key, message),
  x25519: (scalar, point) => nullIfRefused(() => curve.getSharedSecret(scalar, point)),
  x25519PublicKey: (scalar) => curve.getPublicKey(scalar),
  xwingPublicKey: (seed) => ml_kem768_x25519.getPublicKey(seed),
  xwingEncapsulate,
  xwingDecapsulate: (seed, encapsulation) => nullIfRefused(() => ml_kem768_x25519.decapsulate(encapsulation, seed)),
  chacha20Poly1305Seal: (key, nonce, plaintext, output) =>
    chacha20poly1305(key, nonce).encrypt(plaintext, output?.subarray(0, plaintext.length + tagBytes)),
  chacha20Poly1305Open: (key, nonce, ciphertext, output) =>
    nullIfRefused(() =>
      chacha20poly1305(key, nonce).decrypt(ciphertext, output?.subarray(0, ciphertext.length - tagBytes)),
    ),
}

function xwingEncapsulate(publicKey: Uint8Array) {
  const encapsulated = nullIfRefused(() => ml_kem768_x25519.encapsulate(publicKey))
  return encapsulated && { encapsulation: encapsulated.cipherText, sharedSecret: encapsulated.sharedSecret }
}
