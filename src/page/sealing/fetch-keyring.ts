import { maxKeyringBytes, maxSignatureFileBytes } from '../../keyring/bounds.ts'
import { keyringPath, keyringSignaturePath } from '../../wire/names.ts'
import { announcedRequest, fetchBounded, type FileSource } from './fetch-bounded.ts'
import { SealingError } from './sealer.ts'

/** The bytes as fetched. They must not be parsed before their signature has been checked. */
export interface KeyringFiles {
  /** The file `keyring.json`. */
  bytes: Uint8Array
  /** The file `keyring.json.minisig`. */
  signature: Uint8Array
}

/** @throws SealingError `KEYRING_UNREACHABLE` */
export async function fetchKeyring(source: FileSource): Promise<KeyringFiles> {
  const [bytes, signature] = await Promise.all([
    fetchOrFail(source, keyringPath, maxKeyringBytes),
    fetchOrFail(source, keyringSignaturePath, maxSignatureFileBytes),
  ])
  return { bytes, signature }
}

async function fetchOrFail(
  source: FileSource,
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    return await fetchBounded(source, path, maxBytes, announcedRequest)
  } catch (cause) {
    throw new SealingError('KEYRING_UNREACHABLE', `${path} could not be loaded`, cause)
  }
}
