import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { readBounded } from '../disk/small-files.ts'
import { maxOrganisationBytes, maxSignatureFileBytes } from './bounds.ts'
import { KeyringError } from './errors.ts'
import { readRoot } from './load.ts'
import { parseOrganisation } from './organisation.ts'
import type { Organisation } from './organisation.ts'
import { verifyMinisignWithNoble } from './verify-noble.ts'

export const organisationFileName = 'organisation.json'
export const organisationSignatureName = 'organisation.json.minisig'

export interface LoadedOrganisation {
  readonly organisation: Organisation
  /** `organisation.json`, exactly the bytes that were signed. */
  readonly bytes: Uint8Array
  /** `organisation.json.minisig`. */
  readonly signature: Uint8Array
  /** SHA-256 of `organisation.json`, 64 hex digits. */
  readonly sha256: string
}

/**
 * Reads who the organisation is, checked against the root key of the same folder.
 * @returns null if there is no `organisation.json`.
 * @throws KeyringError `UNSIGNED`, `TAMPERED`, `INVALID` or `ROOT_MISSING`; it must not be used
 *   then.
 */
export async function loadOrganisation(dir: string): Promise<LoadedOrganisation | null> {
  const bytes = await readPart(join(dir, organisationFileName), maxOrganisationBytes)
  if (bytes === null) return null
  const { root } = await readRoot(dir)
  const path = join(dir, organisationSignatureName)
  const signature = await readPart(path, maxSignatureFileBytes)
  if (signature === null)
    throw new KeyringError('UNSIGNED', `${path} is missing: sign it with "tumen keyring sign"`)
  try {
    verifyMinisignWithNoble({ publicKey: root, message: bytes, signature })
  } catch (cause) {
    throw new KeyringError(
      'TAMPERED',
      `the signature of ${organisationFileName} does not match: restore both files from the ceremony, or sign it again with "tumen keyring sign"`,
      cause,
    )
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { organisation: parseOrganisation(bytes), bytes, signature, sha256 }
}

async function readPart(path: string, maxBytes: number): Promise<Uint8Array | null> {
  const bytes = await readBounded(path, maxBytes).catch((cause: NodeJS.ErrnoException) => {
    throw new KeyringError(
      'INVALID',
      `${path} cannot be read (${cause.code ?? 'unknown'}): check its owner and permissions`,
      cause,
    )
  })
  if (bytes !== null && bytes.length > maxBytes)
    throw new KeyringError('INVALID', `${path} is longer than ${maxBytes} bytes`)
  return bytes
}
