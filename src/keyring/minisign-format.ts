import { concat } from '../age/bytes.ts'
import { hexOf } from '../age/hex.ts'
import { base64 } from '@scure/base'

import { maxKeyFileBytes, maxSignatureFileBytes } from './bounds.ts'
import { MinisignError } from './errors.ts'
import type { Secret } from './secret.ts'

/** minisign 0.11 (minisign.h): COMMENTMAXBYTES and TRUSTEDCOMMENTMAXBYTES. */
const maxCommentBytes = 1024
const maxTrustedCommentBytes = 8192

const untrustedPrefix = 'untrusted comment: '
const trustedPrefix = 'trusted comment: '

export const keyIdBytes = 8
const publicKeyBytes = 2 + keyIdBytes + 32
const signatureBytes = 2 + keyIdBytes + 64

export interface PublicKey {
  readonly keyId: Uint8Array
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array
}

export interface SigningKey {
  readonly publicKey: PublicKey
  /** Ed25519 secret key: seed, then public key; 64 bytes. */
  readonly secret: Secret
}

export interface MinisignSignature {
  /** `prehashed`: `ED`, over BLAKE2b-512 of the message. `legacy`: `Ed`, over the message. */
  readonly algorithm: 'prehashed' | 'legacy'
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
  readonly trustedComment: string
  readonly globalSignature: Uint8Array
}

/** The key id in minisign's notation: the eight bytes as a little-endian number, in hex. */
export function formatKeyId(keyId: Uint8Array): string {
  return hexOf(keyId.toReversed()).toUpperCase()
}

/**
 * Reads a public key file, or only its second line.
 * @throws MinisignError `MALFORMED` or `UNSUPPORTED`.
 */
export function parsePublicKey(text: string): PublicKey {
  const lines = splitLines(text, maxKeyFileBytes, 'public key')
  const line = lines.length === 2 ? lines[1] : lines[0]
  if (line === undefined || lines.length > 2)
    throw malformed('public key', 'expected a comment line and a key line')
  if (lines.length === 2) readComment(lines[0], untrustedPrefix, maxCommentBytes, 'public key')
  const bytes = decodeExactly(line, publicKeyBytes, 'public key')
  if (ascii(bytes, 0) !== 'Ed') throw unsupported('public key', ascii(bytes, 0))
  return { keyId: bytes.slice(2, 2 + keyIdBytes), key: bytes.slice(2 + keyIdBytes) }
}

/** The public key as one line: `RW…`. */
export function formatPublicKeyLine(publicKey: PublicKey): string {
  return base64.encode(concat(asciiBytes('Ed'), publicKey.keyId, publicKey.key))
}

export function formatPublicKeyFile(publicKey: PublicKey): string {
  return `${untrustedPrefix}minisign public key ${formatKeyId(publicKey.keyId)}\n${formatPublicKeyLine(publicKey)}\n`
}

/** @throws MinisignError `MALFORMED` or `UNSUPPORTED`. */
export function parseSignature(source: string | Uint8Array): MinisignSignature {
  const lines = splitLines(source, maxSignatureFileBytes, 'signature')
  if (lines.length !== 4) throw malformed('signature', 'expected four lines')
  const [comment, signatureLine, trustedLine, globalLine] = lines
  readComment(comment, untrustedPrefix, maxCommentBytes, 'signature')
  const bytes = decodeExactly(signatureLine, signatureBytes, 'signature')
  return {
    algorithm: readAlgorithm(bytes),
    keyId: bytes.slice(2, 2 + keyIdBytes),
    signature: bytes.slice(2 + keyIdBytes),
    trustedComment: readComment(trustedLine, trustedPrefix, maxTrustedCommentBytes, 'signature'),
    globalSignature: decodeExactly(globalLine, 64, 'signature'),
  }
}

/** @throws MinisignError `MALFORMED` if a comment has a line break or is too long. */
export function formatSignature(signature: MinisignSignature, untrustedComment: string): string {
  const algorithm = asciiBytes(signature.algorithm === 'prehashed' ? 'ED' : 'Ed')
  const lines = [
    untrustedPrefix + checkComment(untrustedComment, maxCommentBytes),
    base64.encode(concat(algorithm, signature.keyId, signature.signature)),
    trustedPrefix + checkComment(signature.trustedComment, maxTrustedCommentBytes),
    base64.encode(signature.globalSignature),
  ]
  return `${lines.join('\n')}\n`
}

function readAlgorithm(bytes: Uint8Array): 'prehashed' | 'legacy' {
  const name = ascii(bytes, 0)
  if (name === 'ED') return 'prehashed'
  if (name === 'Ed') return 'legacy'
  throw unsupported('signature', name)
}

// A control character could repaint the terminal on which the comment is shown. Tabs are allowed,
// because minisign's own comments have them.
const controlCharacters = /[^\P{Cc}\t]/u

export function checkComment(comment: string, maxBytes: number = maxTrustedCommentBytes): string {
  if (controlCharacters.test(comment))
    throw malformed('comment', 'it must not contain control characters or line breaks')
  if (new TextEncoder().encode(comment).length >= maxBytes)
    throw malformed('comment', `it is ${maxBytes} bytes or longer`)
  return comment
}

function readComment(
  line: string | undefined,
  prefix: string,
  maxBytes: number,
  what: string,
): string {
  if (line === undefined || !line.startsWith(prefix))
    throw malformed(what, `expected a line starting with "${prefix.trim()}"`)
  return checkComment(line.slice(prefix.length), maxBytes)
}

export function splitLines(source: string | Uint8Array, maxBytes: number, what: string): string[] {
  if (source.length > maxBytes) throw malformed(what, `it is longer than ${maxBytes} bytes`)
  const lines = decodeText(source, what)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function decodeText(source: string | Uint8Array, what: string): string {
  if (typeof source === 'string') return source
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source)
  } catch (cause) {
    throw malformed(what, 'it is not UTF-8 text', cause)
  }
}

export function decodeExactly(line: string | undefined, length: number, what: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = base64.decode(line ?? '')
  } catch (cause) {
    throw malformed(what, 'a line is not base64', cause)
  }
  if (bytes.length !== length)
    throw malformed(what, `expected ${length} bytes, found ${bytes.length}`)
  return bytes
}

export function malformed(what: string, why: string, cause?: unknown): MinisignError {
  return new MinisignError('MALFORMED', `this is not a minisign ${what}: ${why}`, cause)
}

export function unsupported(what: string, algorithm: string): MinisignError {
  const shown = JSON.stringify(algorithm)
  return new MinisignError(
    'UNSUPPORTED',
    `minisign ${what}: algorithm ${shown} is not known; make it with minisign 0.8 or later`,
  )
}

export function ascii(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(bytes[offset] ?? 0, bytes[offset + 1] ?? 0)
}

export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
