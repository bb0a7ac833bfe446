import { equalConstantTime } from '../age/bytes.ts'
import type { Day } from '../time/day.ts'
import { MinisignError } from './errors.ts'
import type { SignerPurpose, Validity } from './in-force.ts'
import { signersOn } from './in-force.ts'
import type { PublicKey } from './minisign-format.ts'
import { parsePublicKey, parseSignature } from './minisign-format.ts'
import { verifyMinisignWithNoble } from './verify-noble.ts'

/** What this module needs of an entry of the keyring. */
export interface SignerOfKeyring extends Validity {
  purpose: string
  public_key: string
}

/**
 * The keys of one purpose that are in force on a day, in the order of the keyring. The first signs
 * `replies/index.json`, each further one `replies/index-<key id>.json`.
 * @throws MinisignError `MALFORMED` for a damaged key.
 */
export function signerKeysOn(
  keyring: { signers: readonly SignerOfKeyring[] },
  purpose: SignerPurpose,
  day: Day,
): PublicKey[] {
  return signersOn(keyring, purpose, day).map((entry) => parsePublicKey(entry.public_key))
}

/**
 * Checks a signature by one of these keys, in plain JavaScript like the page's.
 * @returns the key that signed.
 * @throws MinisignError `WRONG_KEY` if none of them did, else as `verifyMinisignWithNoble`.
 */
export function verifySignerWithNoble(options: {
  keys: readonly PublicKey[]
  message: Uint8Array
  signature: string | Uint8Array
}): { key: PublicKey; trustedComment: string } {
  const { keys, message, signature } = options
  const { keyId } = parseSignature(signature)
  const key = keys.find((each) => equalConstantTime(each.keyId, keyId))
  if (key === undefined)
    throw new MinisignError('WRONG_KEY', 'signed by a key that is not in force')
  return { key, ...verifyMinisignWithNoble({ publicKey: key, message, signature }) }
}
