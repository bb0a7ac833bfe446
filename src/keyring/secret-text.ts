import { sha256 } from '@noble/hashes/sha2.js'

import { recipientOf, revealIdentity } from '../age/keys.ts'
import type { Identity } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import { KeyringError } from './errors.ts'
import { signerDigest } from './fingerprint.ts'
import { parseIdentityFile } from './identity-file.ts'
import { formatPublicKeyLine, formatSecretKey, parseSecretKey } from './minisign.ts'
import type { SigningKey } from './minisign.ts'
import { Secret } from './secret.ts'

/**
 * A secret as the shortest text that age or minisign reads, without a passphrase. Shares are made
 * from this text, so that joining them with another program gives a file that age or minisign
 * accepts.
 */
export interface SecretText {
  readonly kind: 'identity' | 'signing'
  readonly text: Secret
  /** The SHA-256 behind the fingerprint that `keys show` prints. */
  readonly digest: Uint8Array
}

/** One `AGE-SECRET-KEY-…` on each line. */
export function identitiesText(identities: readonly Identity[]): SecretText {
  const text = Secret.fromText(
    identities.map((identity) => `${revealIdentity(identity)}\n`).join(''),
  )
  return { kind: 'identity', text, digest: identitiesDigest(identities) }
}

/** The two lines of an unprotected minisign key. */
export function signingKeyText(key: SigningKey): SecretText {
  return {
    kind: 'signing',
    text: Secret.fromText(formatSecretKey(key)),
    digest: signingKeyDigest(key),
  }
}

/**
 * The digest behind the fingerprint of the key in a secret's text.
 * @throws KeyringError, MinisignError or AgeError.
 */
export function digestOfText(
  primitives: Primitives,
  kind: SecretText['kind'],
  bytes: Uint8Array,
): Uint8Array {
  if (kind === 'signing') {
    const key = parseSecretKey(new TextDecoder().decode(bytes))
    key.secret.wipe()
    return signingKeyDigest(key)
  }
  const identities = parseIdentityFile(primitives, bytes)
  for (const identity of identities) identity.wipe()
  return identitiesDigest(identities)
}

/**
 * The digest of all recipients. For the two of one person it equals `recipientDigest`.
 * @throws KeyringError `INVALID` without an identity.
 */
function identitiesDigest(identities: readonly Identity[]): Uint8Array {
  if (identities.length === 0)
    throw new KeyringError('INVALID', 'there is no identity to take a fingerprint of')
  return sha256(
    new TextEncoder().encode(identities.map((identity) => `${recipientOf(identity)}\n`).join('')),
  )
}

function signingKeyDigest({ publicKey }: SigningKey): Uint8Array {
  return signerDigest({ public_key: formatPublicKeyLine(publicKey) })
}
