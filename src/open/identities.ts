import type { Identity } from '../age/keys.ts'
import { openWithPassphrase } from '../age/passphrase.ts'
import type { Primitives } from '../age/primitives.ts'
import { parseIdentityFile } from '../keyring/identity-file.ts'

const ageMagic = 'age-encryption.org/'

/** Whether a passphrase is needed to read this identity file. */
export function isPassphraseProtected(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, ageMagic.length)) === ageMagic
}

/**
 * Reads an identity file as written by `tumen keys new` or `age-keygen`, with or without a
 * passphrase.
 * @throws AgeError `NO_MATCH` for the wrong passphrase; KeyringError `INVALID`.
 */
export async function readIdentities(
  primitives: Primitives,
  bytes: Uint8Array,
  askPassphrase: () => Promise<string>,
): Promise<Identity[]> {
  if (!isPassphraseProtected(bytes)) return parseIdentityFile(primitives, bytes)
  const opened = await openWithPassphrase(primitives, bytes, await askPassphrase())
  try {
    return parseIdentityFile(primitives, opened)
  } finally {
    opened.fill(0)
  }
}
