import { concat } from '../age/bytes.ts'
import { MinisignError } from './errors.ts'
import { checkComment, formatKeyId, formatSignature, parseSignature } from './minisign-format.ts'
import type { MinisignSignature, PublicKey, SigningKey } from './minisign-format.ts'
import { Secret } from './secret.ts'
import { sodium } from './sodium.ts'

export {
  formatKeyId,
  formatPublicKeyFile,
  formatPublicKeyLine,
  parsePublicKey,
  parseSignature,
} from './minisign-format.ts'
export type { MinisignSignature, PublicKey, SigningKey } from './minisign-format.ts'
export { formatSecretKey, parseSecretKey, secretKeyIsProtected } from './minisign-secret.ts'

/** BLAKE2b-512, what minisign signs in its prehashed form. */
export const prehashBytes = 64

/** The bytes, or their BLAKE2b-512 if they are too many to hold in memory. */
export type Message = Uint8Array | { readonly prehash: Uint8Array }

export function generateSigningKey(): SigningKey {
  const pair = sodium.crypto_sign_keypair()
  const publicKey = { keyId: sodium.randombytes_buf(8), key: pair.publicKey }
  return { publicKey, secret: new Secret(pair.privateKey) }
}

export interface Prehasher {
  push(chunk: Uint8Array): void
  /** May be called once. */
  digest(): Uint8Array
}

/** Computes the BLAKE2b-512 of a message that arrives in pieces. */
export function createPrehasher(): Prehasher {
  const state = sodium.crypto_generichash_init(null, prehashBytes)
  return {
    push: (chunk) => sodium.crypto_generichash_update(state, chunk),
    digest: () => sodium.crypto_generichash_final(state, prehashBytes),
  }
}

/**
 * Makes a prehashed (`ED`) signature.
 * @returns the text of the `.minisig` file.
 * @throws MinisignError `MALFORMED` if a comment has control characters or is too long.
 */
export function signMinisign(options: {
  secretKey: SigningKey
  message: Message
  trustedComment: string
  untrustedComment?: string
}): string {
  const { secretKey, trustedComment } = options
  const secret = secretKey.secret.reveal()
  const signature = sodium.crypto_sign_detached(prehashOf(options.message), secret)
  const globalSignature = sodium.crypto_sign_detached(
    globalMessage(signature, checkComment(trustedComment)),
    secret,
  )
  const { keyId } = secretKey.publicKey
  const signed: MinisignSignature = {
    algorithm: 'prehashed',
    keyId,
    signature,
    trustedComment,
    globalSignature,
  }
  return formatSignature(signed, options.untrustedComment ?? 'signature from minisign secret key')
}

/**
 * @param options.signature the `.minisig` file, as text or bytes.
 * @throws MinisignError `WRONG_KEY` if another key made the signature, `SIGNATURE_INVALID` if the
 *   message or the trusted comment was changed, `MALFORMED` or `UNSUPPORTED`.
 */
export function verifyMinisign(options: {
  publicKey: PublicKey
  message: Message
  signature: string | Uint8Array
}): { trustedComment: string } {
  const { publicKey } = options
  const parsed = parseSignature(options.signature)
  if (!isEqual(parsed.keyId, publicKey.keyId)) throw wrongKey(parsed.keyId, publicKey.keyId)
  const signedBytes =
    parsed.algorithm === 'prehashed' ? prehashOf(options.message) : wholeOf(options.message)
  const commented = globalMessage(parsed.signature, parsed.trustedComment)
  const isGood =
    isSignedBy(publicKey, parsed.signature, signedBytes) &&
    isSignedBy(publicKey, parsed.globalSignature, commented)
  if (!isGood)
    throw new MinisignError(
      'SIGNATURE_INVALID',
      'the signature does not match: the file or its signature was changed',
    )
  return { trustedComment: parsed.trustedComment }
}

/** Constant-time for equal lengths. */
export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && sodium.memcmp(left, right)
}

function isSignedBy(publicKey: PublicKey, signature: Uint8Array, message: Uint8Array): boolean {
  return sodium.crypto_sign_verify_detached(signature, message, publicKey.key)
}

function prehashOf(message: Message): Uint8Array {
  if (message instanceof Uint8Array) return sodium.crypto_generichash(prehashBytes, message, null)
  if (message.prehash.length === prehashBytes) return message.prehash
  throw new MinisignError(
    'MALFORMED',
    `a prehash is ${prehashBytes} bytes of BLAKE2b-512, not ${message.prehash.length}`,
  )
}

function wholeOf(message: Message): Uint8Array {
  if (message instanceof Uint8Array) return message
  throw new MinisignError(
    'UNSUPPORTED',
    'this is a legacy signature and needs the whole file: sign again without -l',
  )
}

/** minisign's global signature covers the signature followed by the trusted comment. */
function globalMessage(signature: Uint8Array, trustedComment: string): Uint8Array {
  return concat(signature, new TextEncoder().encode(trustedComment))
}

function wrongKey(found: Uint8Array, expected: Uint8Array): MinisignError {
  return new MinisignError(
    'WRONG_KEY',
    `signed by key ${formatKeyId(found)}, expected key ${formatKeyId(expected)}`,
  )
}
