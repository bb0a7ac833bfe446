import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'

import { KeyringError } from './errors.ts'

const digestBytes = 32

/**
 * Eight groups of five decimal digits, which people can read out in any language. Each group is
 * four bytes of the digest as a big-endian number, modulo 100000 (132 of the 256 bits in all).
 * @param digest SHA-256, as 64 hex digits or 32 bytes.
 * @throws KeyringError `INVALID` for anything else.
 */
export function fingerprintGroups(digest: string | Uint8Array): string {
  const bytes = typeof digest === 'string' ? decodeHex(digest) : digest
  if (bytes.length !== digestBytes) throw notADigest()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint32(index * 4) % 100_000)
  return groups.map((group) => String(group).padStart(5, '0')).join(' ')
}

/** The digest behind a person's fingerprint: of both recipients, one on each line. */
export function recipientDigest(entry: {
  recipient: string
  recipient_x25519: string
}): Uint8Array {
  return sha256(new TextEncoder().encode(`${entry.recipient}\n${entry.recipient_x25519}\n`))
}

/** The digest behind a signer's fingerprint: of the public key line. */
export function signerDigest(entry: { public_key: string }): Uint8Array {
  return sha256(new TextEncoder().encode(`${entry.public_key}\n`))
}

function decodeHex(text: string): Uint8Array {
  if (text.length !== digestBytes * 2) throw notADigest()
  try {
    return hex.decode(text.toLowerCase())
  } catch (cause) {
    throw notADigest(cause)
  }
}

function notADigest(cause?: unknown): KeyringError {
  return new KeyringError('INVALID', 'a fingerprint is made from 64 hex digits or 32 bytes', cause)
}
