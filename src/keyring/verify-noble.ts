import { ed25519 } from '@noble/curves/ed25519.js'
import { blake2b } from '@noble/hashes/blake2.js'

import { concat, equalConstantTime } from '../age/bytes.ts'
import { MinisignError } from './errors.ts'
import { parseSignature } from './minisign-format.ts'
import type { PublicKey } from './minisign-format.ts'

// Without a table for the base point: making one takes longer than the two signatures of a file do.
ed25519.Point.BASE.precompute(1)

/**
 * Verifies the keyring's signature, in the page and on every machine that loads a keyring: plain
 * JavaScript, and prehashed (`ED`) signatures only, which all of ours are.
 *
 * @param options.signature the `.minisig` file, as text or bytes.
 * @throws MinisignError as `verifyMinisign`.
 */
export function verifyMinisignWithNoble(options: {
  publicKey: PublicKey
  message: Uint8Array
  signature: string | Uint8Array
}): { trustedComment: string } {
  const { publicKey, message } = options
  const { algorithm, keyId, signature, trustedComment, globalSignature } = parseSignature(
    options.signature,
  )
  if (algorithm !== 'prehashed')
    throw new MinisignError('UNSUPPORTED', 'this is a legacy signature: sign again without -l')
  if (!equalConstantTime(keyId, publicKey.keyId))
    throw new MinisignError('WRONG_KEY', 'signed by another key')
  // minisign's global signature covers the signature followed by the trusted comment.
  const commented = concat(signature, new TextEncoder().encode(trustedComment))
  const isGood =
    isSignedBy(publicKey, signature, blake2b(message, { dkLen: 64 })) &&
    isSignedBy(publicKey, globalSignature, commented)
  if (!isGood)
    throw new MinisignError(
      'SIGNATURE_INVALID',
      'the signature does not match: the file or its signature was changed',
    )
  return { trustedComment }
}

/** Strictly RFC 8032 §5.1.7: ZIP 215 would accept signatures that minisign refuses. */
function isSignedBy({ key }: PublicKey, signature: Uint8Array, message: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false })
  } catch {
    return false
  }
}
