import { parseKeyring } from './keyring.ts'
import { signMinisign } from './minisign.ts'
import type { SigningKey } from './minisign.ts'

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
