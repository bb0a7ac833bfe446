import { parseKeyring } from './keyring.ts'
import { signMinisign } from './minisign.ts'
import type { SigningKey } from './minisign.ts'
import { parseOrganisation } from './organisation.ts'
import type { Day } from '../time/day.ts'

/**
 * Signs exactly these bytes of `keyring.json`.
 * @returns the text of `keyring.json.minisig`.
 * @throws KeyringError `INVALID` if the bytes are not a keyring.
 */
export function signKeyring(bytes: Uint8Array, rootKey: SigningKey): string {
  const { issued, expires, demo } = parseKeyring(bytes)
  // minisign would put the time of day here; we reveal no more than the day of the ceremony.
  const trustedComment = `${demo ? 'DEMO ' : ''}tumen keyring, issued ${issued}, expires ${expires}`
  return signMinisign({ secretKey: rootKey, message: bytes, trustedComment })
}

/**
 * Signs exactly these bytes of `organisation.json`.
 * @returns the text of `organisation.json.minisig`.
 * @throws KeyringError `INVALID`, naming the field.
 */
export function signOrganisation(bytes: Uint8Array, rootKey: SigningKey, day: Day): string {
  parseOrganisation(bytes)
  const trustedComment = `tumen organisation, signed ${day}`
  return signMinisign({ secretKey: rootKey, message: bytes, trustedComment })
}
