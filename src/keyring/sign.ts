import { parseKeyring } from './keyring.ts'
import { signMinisign } from './minisign.ts'
import type { SigningKey } from './minisign.ts'

/**
 * Signs `keyring.json` as it stands, byte for byte.
 * @returns the text of `keyring.json.minisig`.
 * @throws KeyringError `INVALID` when the bytes are no keyring.
 */
export function signKeyring(bytes: Uint8Array, rootKey: SigningKey): string {
  const { issued, expires, demo } = parseKeyring(bytes)
  // minisign would put the time of day here; a day is all the ceremony gives away.
  const trustedComment = `${demo ? 'DEMO ' : ''}tumen keyring, issued ${issued}, expires ${expires}`
  return signMinisign({ secretKey: rootKey, message: bytes, trustedComment })
}
