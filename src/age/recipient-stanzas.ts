import { base64nopad } from '@scure/base'
import { ascii, concat } from './bytes.ts'
import { AgeError } from './errors.ts'
import type { Stanza } from './header.ts'
import { hkdf } from './hkdf.ts'
import { hpkeKeySchedule } from './hpke.ts'
import type { Identity, Recipient } from './keys.ts'
import type { Primitives } from './primitives.ts'

export const fileKeyBytes = 16
/** age §2.2: a wrapped file key is the encrypted file key followed by a 16-byte tag. */
export const wrappedFileKeyBytes = fileKeyBytes + 16

const x25519Info = ascii('age-encryption.org/v1/X25519')
const hybridInfo = ascii('age-encryption.org/mlkem768x25519')
const zeroNonce = new Uint8Array(12)
const x25519ShareBytes = 32
const encapsulationBytes = 1120

/**
 * Wraps the file key for one recipient. @throws AgeError `RECIPIENT_INVALID` for a point of low
 * order.
 */
export function wrapFileKey(
  primitives: Primitives,
  recipient: Recipient,
  fileKey: Uint8Array,
): Stanza {
  return recipient.kind === 'hybrid'
    ? wrapHybrid(primitives, recipient.publicKey, fileKey)
    : wrapX25519(primitives, recipient.publicKey, fileKey)
}

/**
 * The file key if one of the stanzas is for this identity, otherwise null.
 * @throws AgeError `HEADER_INVALID` if a stanza of the identity's type is malformed.
 */
export function unwrapFileKey(
  primitives: Primitives,
  identity: Identity,
  stanzas: readonly Stanza[],
): Uint8Array | null {
  const type = identity.kind === 'hybrid' ? 'mlkem768x25519' : 'X25519'
  const unwrap = identity.kind === 'hybrid' ? unwrapHybrid : unwrapX25519
  for (const stanza of stanzas) {
    if (stanza.args[0] !== type) continue
    const fileKey = unwrap(primitives, identity, stanza)
    if (fileKey) return fileKey
  }
  return null
}

// age §2.2.1 (X25519)
function wrapX25519(primitives: Primitives, publicKey: Uint8Array, fileKey: Uint8Array): Stanza {
  const ephemeral = primitives.randomBytes(32)
  const share = primitives.x25519PublicKey(ephemeral)
  const sharedSecret = primitives.x25519(ephemeral, publicKey)
  if (!sharedSecret)
    throw new AgeError('RECIPIENT_INVALID', 'the X25519 recipient is a point of low order')
  const key = hkdf(primitives, sharedSecret, concat(share, publicKey), x25519Info)
  const body = primitives.chacha20Poly1305Seal(key, zeroNonce, fileKey)
  wipe(ephemeral, sharedSecret, key)
  return { args: ['X25519', base64nopad.encode(share)], body }
}

function unwrapX25519(
  primitives: Primitives,
  identity: Identity,
  stanza: Stanza,
): Uint8Array | null {
  const share = readStanza(stanza, x25519ShareBytes)
  const sharedSecret = primitives.x25519(identity.secret, share)
  // age §2.2.1: an all-zero shared secret MUST be refused (RFC 7748 §6.1).
  if (!sharedSecret) throw malformed(stanza)
  const key = hkdf(primitives, sharedSecret, concat(share, identity.publicKey), x25519Info)
  const fileKey = primitives.chacha20Poly1305Open(key, zeroNonce, stanza.body)
  wipe(sharedSecret, key)
  return fileKey
}

// age §2.2.2 (mlkem768x25519): HPKE in base mode with X-Wing
function wrapHybrid(primitives: Primitives, publicKey: Uint8Array, fileKey: Uint8Array): Stanza {
  const encapsulated = primitives.xwingEncapsulate(publicKey)
  if (!encapsulated)
    throw new AgeError('RECIPIENT_INVALID', 'the post-quantum recipient is not a public key')
  const { encapsulation, sharedSecret } = encapsulated
  const { key, nonce } = hpkeKeySchedule(primitives, sharedSecret, hybridInfo)
  const body = primitives.chacha20Poly1305Seal(key, nonce, fileKey)
  wipe(sharedSecret, key)
  return { args: ['mlkem768x25519', base64nopad.encode(encapsulation)], body }
}

function unwrapHybrid(
  primitives: Primitives,
  identity: Identity,
  stanza: Stanza,
): Uint8Array | null {
  const encapsulation = readStanza(stanza, encapsulationBytes)
  const sharedSecret = primitives.xwingDecapsulate(identity.secret, encapsulation)
  if (!sharedSecret) throw malformed(stanza)
  const { key, nonce } = hpkeKeySchedule(primitives, sharedSecret, hybridInfo)
  const fileKey = primitives.chacha20Poly1305Open(key, nonce, stanza.body)
  wipe(sharedSecret, key)
  return fileKey
}

function readStanza(stanza: Stanza, argumentBytes: number): Uint8Array {
  const [, argument, ...rest] = stanza.args
  if (argument === undefined || rest.length > 0) throw malformed(stanza)
  const decoded = decodeArgument(stanza, argument)
  // The length of the body is checked before it is opened: a longer body could be crafted to open
  // under two keys (age §2.2.1).
  if (decoded.length !== argumentBytes || stanza.body.length !== wrappedFileKeyBytes)
    throw malformed(stanza)
  return decoded
}

function decodeArgument(stanza: Stanza, argument: string): Uint8Array {
  try {
    return base64nopad.decode(argument)
  } catch {
    throw malformed(stanza)
  }
}

function malformed(stanza: Stanza): AgeError {
  return new AgeError('HEADER_INVALID', `a ${stanza.args[0]} stanza of the header is malformed`)
}

function wipe(...secrets: Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0)
}
