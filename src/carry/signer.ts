import type { Day } from '../time/day.ts'
import { MinisignError } from '../keyring/errors.ts'
import type { Keyring, SignerEntry, SignerPurpose } from '../keyring/keyring.ts'
import { signersOn } from '../keyring/keyring.ts'
import {
  formatKeyId,
  isEqual,
  parsePublicKey,
  parseSignature,
  verifyMinisign,
} from '../keyring/minisign.ts'
import type { verifyMinisignWithNoble } from '../keyring/verify-noble.ts'
import { CarryError, EarlySignerError } from './errors.ts'

export interface SignedBytes {
  bytes: Uint8Array
  /** The `.minisig` file. */
  signature: Uint8Array
}

/**
 * Finds the key of the keyring that made a signature, and checks the signature.
 * @throws CarryError `SIGNER_UNKNOWN` if the key is not in force for this purpose on this day
 *   (`EarlySignerError` if it will be on a later day), `SIGNATURE_INVALID` if the bytes were
 *   changed.
 * @param verify for what the page reads as well, the page's own verifier.
 */
export function verifySigner(
  { bytes, signature }: SignedBytes,
  keyring: Keyring,
  purpose: SignerPurpose,
  day: Day,
  verify: typeof verifyMinisignWithNoble = verifyMinisign,
): { signer: SignerEntry; trustedComment: string } {
  try {
    const { keyId } = parseSignature(signature)
    const hasKey = (entry: SignerEntry): boolean =>
      isEqual(parsePublicKey(entry.public_key).keyId, keyId)
    const signer = signersOn(keyring, purpose, day).find(hasKey)
    if (!signer) {
      const later = keyring.signers.find(
        (entry) => entry.purpose === purpose && entry.valid_from > day && hasKey(entry),
      )
      throw later === undefined
        ? new CarryError(
            'SIGNER_UNKNOWN',
            `key ${formatKeyId(keyId)} is no ${purpose} signer of the keyring on ${day}: add it in a ceremony`,
          )
        : new EarlySignerError(
            `key ${formatKeyId(keyId)} is ${purpose} signer of the keyring from ${later.valid_from} on, and here it is ${day}: compare "date -u" with a clock you trust`,
          )
    }
    const publicKey = parsePublicKey(signer.public_key)
    return { signer, ...verify({ publicKey, message: bytes, signature }) }
  } catch (cause) {
    if (!(cause instanceof MinisignError)) throw cause
    throw new CarryError('SIGNATURE_INVALID', `the signature is not good: ${cause.message}`, cause)
  }
}
