import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { ascii, concat } from './bytes.ts'
import { x25519 } from './noble-x25519.ts'

// draft-connolly-cfrg-xwing-kem §5, built from noble's ML-KEM-768 and X25519. noble's own
// `hybrid.js` would add every other hybrid to the page's bundle.

const mlKemPublicKeyBytes = 1184
const mlKemCiphertextBytes = 1088
const label = ascii('\\.//^\\')

export function xwingPublicKey(seed: Uint8Array): Uint8Array {
  const { mlKem, scalar } = expandSeed(seed)
  return concat(mlKem.publicKey, x25519.getPublicKey(scalar))
}

/** @throws if the bytes are not a valid public key. */
export function xwingEncapsulate(publicKey: Uint8Array): {
  encapsulation: Uint8Array
  sharedSecret: Uint8Array
} {
  const x25519PublicKey = publicKey.subarray(mlKemPublicKeyBytes)
  const mlKem = ml_kem768.encapsulate(publicKey.subarray(0, mlKemPublicKeyBytes))
  const ephemeral = randomBytes(32)
  const share = x25519.getPublicKey(ephemeral)
  const x25519Secret = x25519.getSharedSecret(ephemeral, x25519PublicKey)
  const sharedSecret = combine(mlKem.sharedSecret, x25519Secret, share, x25519PublicKey)
  wipe(ephemeral, mlKem.sharedSecret, x25519Secret)
  return { encapsulation: concat(mlKem.cipherText, share), sharedSecret }
}

/** @throws if the X25519 share of the encapsulation is a point of low order. */
export function xwingDecapsulate(seed: Uint8Array, encapsulation: Uint8Array): Uint8Array {
  const { mlKem, scalar } = expandSeed(seed)
  const share = encapsulation.subarray(mlKemCiphertextBytes)
  const mlKemSecret = ml_kem768.decapsulate(
    encapsulation.subarray(0, mlKemCiphertextBytes),
    mlKem.secretKey,
  )
  const x25519Secret = x25519.getSharedSecret(scalar, share)
  const sharedSecret = combine(mlKemSecret, x25519Secret, share, x25519.getPublicKey(scalar))
  wipe(mlKem.secretKey, scalar, mlKemSecret, x25519Secret)
  return sharedSecret
}

/** §5.2, expandDecapsulationKey: SHAKE-256 turns the seed into the seeds of both keys. */
function expandSeed(seed: Uint8Array) {
  const expanded = shake256(seed, { dkLen: 96 })
  return { mlKem: ml_kem768.keygen(expanded.subarray(0, 64)), scalar: expanded.slice(64) }
}

/** §5.3, Combiner: the shared secret of both key agreements. */
function combine(
  mlKemSecret: Uint8Array,
  x25519Secret: Uint8Array,
  share: Uint8Array,
  x25519PublicKey: Uint8Array,
): Uint8Array {
  return sha3_256(concat(mlKemSecret, x25519Secret, share, x25519PublicKey, label))
}

function wipe(...secrets: Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0)
}
