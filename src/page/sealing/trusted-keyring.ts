import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import type { Day } from '../../time/day.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { isExpired, recipientsOn } from '../../keyring/in-force.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { parsePublicKey } from '../../keyring/minisign-format.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'
import type { TrustedKeyring } from './sealer.ts'
import type { KeyringFiles } from './fetch-keyring.ts'
import { SealingError } from './sealer.ts'

/** A keyring whose signature by the root has been checked. */
export interface SignedKeyring {
  keyring: Keyring
  /** SHA-256 of `keyring.json` as 64 hex digits. */
  fingerprint: string
}

/**
 * Checks the root's signature.
 * @param rootKey the base64 line of `root.pub`
 * @throws SealingError `KEYRING_UNTRUSTED`
 */
export function checkSigned({ bytes, signature }: KeyringFiles, rootKey: string): SignedKeyring {
  try {
    // The signature is checked before the bytes are parsed.
    verifyMinisignWithNoble({ publicKey: parsePublicKey(rootKey), message: bytes, signature })
    return { keyring: parseSigned(bytes), fingerprint: hex.encode(sha256(bytes)) }
  } catch (cause) {
    throw new SealingError('KEYRING_UNTRUSTED', "the keyring's signature does not match", cause)
  }
}

/** The facts about the keyring that the page shows. @throws SealingError `KEYRING_EXPIRED` */
export function describeKeyring(signed: SignedKeyring, day: Day): TrustedKeyring {
  const { keyring, fingerprint } = signed
  return {
    fingerprint: fingerprintGroups(fingerprint).split(' '),
    recipients: entriesInForce(signed, day).map(({ name, role }) => ({ name, role })),
    issued: keyring.issued,
    isDemo: keyring.demo,
    expires: keyring.expires,
  }
}

/**
 * Whose keys are in force on this day.
 * @throws SealingError `KEYRING_EXPIRED`
 */
export function entriesInForce(signed: SignedKeyring, day: Day) {
  const entries = recipientsOn(signed.keyring, day)
  if (isExpired(signed, day) || entries.length === 0) {
    throw new SealingError('KEYRING_EXPIRED', `no recipient in the keyring is in force on ${day}`)
  }
  return entries
}

/**
 * `tumen keyring sign` only signs keyrings that follow the schema, so the one thing left to detect
 * is another version of it.
 */
function parseSigned(bytes: Uint8Array): Keyring {
  const keyring = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Keyring
  if (keyring.format === 'tumen-keyring' && keyring.version === 1) return keyring
  throw new TypeError('not a keyring of version 1')
}
