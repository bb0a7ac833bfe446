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
 * A secret as the shortest text that age or minisign reads, protected by no passphrase: what shares
 * are made of. Whoever joins them with another program has a file those programs take.
 */
export interface SecretText {
  readonly kind: 'identity' | 'signing'
  readonly text: Secret
  /** SHA-256, as `keys show` shows it. */
  readonly digest: Uint8Array
}

/** One `AGE-SECRET-KEY-…` a line. */
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
 * The fingerprint's digest of what a secret's text holds. @throws KeyringError, MinisignError or
 * AgeError.
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
 * Of a person's two recipients this is `recipientDigest`. @throws KeyringError `INVALID` for none.
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
