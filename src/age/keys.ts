import { bech32 } from '@scure/base'
import { AgeError } from './errors.ts'
import type { Primitives } from './primitives.ts'

/**
 * A public key to which files are sealed. `hybrid`: `age1pq1…` (X-Wing, 1216 bytes); `x25519`:
 * `age1…` (32 bytes).
 */
export interface Recipient {
  kind: 'hybrid' | 'x25519'
  publicKey: Uint8Array
}

/** A secret key that opens files: the 32-byte seed or scalar of an `AGE-SECRET-KEY-[PQ-]1…`. */
export class Identity {
  readonly kind: Recipient['kind']
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array

  constructor(kind: Recipient['kind'], secret: Uint8Array, publicKey: Uint8Array) {
    this.kind = kind
    this.secret = secret
    this.publicKey = publicKey
  }

  wipe(): void {
    this.secret.fill(0)
  }

  toString(): string {
    return '<redacted>'
  }

  toJSON(): string {
    return '<redacted>'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '<redacted>'
  }
}

const hybrid = {
  recipientPrefix: 'age1pq',
  identityPrefix: 'age-secret-key-pq-',
  publicKeyBytes: 1216,
}
const x25519 = { recipientPrefix: 'age', identityPrefix: 'age-secret-key-', publicKeyBytes: 32 }
const secretBytes = 32

/** @throws AgeError `RECIPIENT_INVALID`. */
export function parseRecipient(text: string): Recipient {
  const { prefix, bytes } = decodeBech32(text, 'RECIPIENT_INVALID')
  // BIP 173 also allows upper case; age requires lower case here.
  if (text !== text.toLowerCase())
    throw new AgeError('RECIPIENT_INVALID', 'a recipient must be in lower case')
  if (prefix === hybrid.recipientPrefix && bytes.length === hybrid.publicKeyBytes)
    return { kind: 'hybrid', publicKey: bytes }
  if (prefix === x25519.recipientPrefix && bytes.length === x25519.publicKeyBytes)
    return { kind: 'x25519', publicKey: bytes }
  throw new AgeError(
    'RECIPIENT_INVALID',
    'not a recipient: a recipient starts with age1pq1 or age1',
  )
}

export function formatRecipient({ kind, publicKey }: Recipient): string {
  return bech32.encode(
    (kind === 'hybrid' ? hybrid : x25519).recipientPrefix,
    bech32.toWords(publicKey),
    false,
  )
}

/** @throws AgeError `IDENTITY_INVALID`; the message never quotes the text. */
export function parseIdentity(primitives: Primitives, text: string): Identity {
  const { prefix, bytes } = decodeBech32(text, 'IDENTITY_INVALID')
  if (text !== text.toUpperCase() || bytes.length !== secretBytes) throw invalidIdentity()
  if (prefix === hybrid.identityPrefix)
    return new Identity('hybrid', bytes, primitives.xwingPublicKey(bytes))
  if (prefix === x25519.identityPrefix)
    return new Identity('x25519', bytes, primitives.x25519PublicKey(bytes))
  throw invalidIdentity()
}

export function generateIdentity(primitives: Primitives, kind: Recipient['kind']): Identity {
  const secret = primitives.randomBytes(secretBytes)
  const publicKey =
    kind === 'hybrid' ? primitives.xwingPublicKey(secret) : primitives.x25519PublicKey(secret)
  return new Identity(kind, secret, publicKey)
}

/** The secret key in the format of identity files. Never log the result. */
export function revealIdentity({ kind, secret }: Identity): string {
  const { identityPrefix } = kind === 'hybrid' ? hybrid : x25519
  return bech32.encode(identityPrefix, bech32.toWords(secret), false).toUpperCase()
}

export function recipientOf({ kind, publicKey }: Identity): string {
  return formatRecipient({ kind, publicKey })
}

function invalidIdentity(): AgeError {
  return new AgeError(
    'IDENTITY_INVALID',
    'not an identity: an identity starts with AGE-SECRET-KEY-PQ-1 or AGE-SECRET-KEY-1',
  )
}

function decodeBech32(text: string, code: 'RECIPIENT_INVALID' | 'IDENTITY_INVALID') {
  try {
    // age lifts BIP 173's limit of 90 characters: a post-quantum recipient has 1,959.
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, false)
    return { prefix: prefix.toLowerCase(), bytes: bech32.fromWords(words) }
  } catch {
    // The cause is left out: its message would quote the text, which may be a secret.
    throw new AgeError(
      code,
      code === 'RECIPIENT_INVALID'
        ? 'not a recipient: the text is damaged'
        : 'not an identity: the text is damaged',
    )
  }
}
