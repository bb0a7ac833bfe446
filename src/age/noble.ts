import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { nobleChunkCipher } from './noble-cipher.ts'
import { x25519 as curve } from './noble-x25519.ts'
import { xwingDecapsulate, xwingEncapsulate, xwingPublicKey } from './noble-xwing.ts'
import { nullIfRefused } from './null-if-refused.ts'
import type { Primitives } from './primitives.ts'

/**
 * The page's provider. It is plain JavaScript, so that the same code runs at every security level
 * of Tor Browser.
 */
export const noblePrimitives: Primitives = {
  randomBytes: (length) => randomBytes(length),
  sha256: (message) => sha256(message),
  hmacSha256: (key, message) => hmac(sha256, key, message),
  x25519: (scalar, point) => nullIfRefused(() => curve.getSharedSecret(scalar, point)),
  x25519PublicKey: (scalar) => curve.getPublicKey(scalar),
  xwingPublicKey,
  xwingEncapsulate: (publicKey) => nullIfRefused(() => xwingEncapsulate(publicKey)),
  xwingDecapsulate: (seed, encapsulation) =>
    nullIfRefused(() => xwingDecapsulate(seed, encapsulation)),
  ...nobleChunkCipher,
}
