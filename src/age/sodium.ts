import { createHash, createHmac } from 'node:crypto'
import sodium from 'libsodium-wrappers'
import { nodeChunkCipher } from './node-cipher.ts'
import { nullIfRefused } from './null-if-refused.ts'
import type { Primitives } from './primitives.ts'

/**
 * The Node provider: libsodium for key agreement and randomness; `node:crypto`, which produces the
 * same bytes at native speed, for the functions that process every byte.
 */
export async function loadSodiumPrimitives(): Promise<Primitives> {
  await sodium.ready
  return {
    randomBytes: (length) => sodium.randombytes_buf(length),
    sha256: (message) => createHash('sha256').update(message).digest(),
    hmacSha256: (key, message) =>
      new Uint8Array(createHmac('sha256', key).update(message).digest()),
    x25519: (scalar, point) => nullIfRefused(() => sodium.crypto_scalarmult(scalar, point)),
    x25519PublicKey: (scalar) => sodium.crypto_scalarmult_base(scalar),
    xwingPublicKey: (seed) => sodium.crypto_kem_xwing_seed_keypair(seed).publicKey,
    xwingEncapsulate,
    xwingDecapsulate,
    ...nodeChunkCipher,
  }
}

function xwingEncapsulate(publicKey: Uint8Array) {
  const encapsulated = nullIfRefused(() => sodium.crypto_kem_xwing_enc(publicKey))
  return (
    encapsulated && {
      encapsulation: encapsulated.ciphertext,
      sharedSecret: encapsulated.sharedSecret,
    }
  )
}

function xwingDecapsulate(seed: Uint8Array, encapsulation: Uint8Array): Uint8Array | null {
  const { privateKey } = sodium.crypto_kem_xwing_seed_keypair(seed)
  const sharedSecret = nullIfRefused(() => sodium.crypto_kem_xwing_dec(encapsulation, privateKey))
  privateKey.fill(0)
  return sharedSecret
}
