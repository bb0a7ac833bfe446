import { createHash } from 'node:crypto'
import { join } from 'node:path'

import type { Day } from '../time/day.ts'
import { KeyringError } from './errors.ts'
import { readBounded } from '../disk/small-files.ts'
import { maxKeyFileBytes, maxKeyringBytes, maxSignatureFileBytes } from './bounds.ts'
import { firstDayAfter, isExpired, recipientsOn } from './in-force.ts'
import { parseKeyring } from './keyring.ts'
import type { Keyring } from './keyring.ts'
import { parsePublicKey } from './minisign-format.ts'
import type { PublicKey } from './minisign-format.ts'
import { verifyMinisignWithNoble } from './verify-noble.ts'

export { isExpired } from './in-force.ts'

export const keyringFileName = 'keyring.json'
export const signatureFileName = 'keyring.json.minisig'
export const rootFileName = 'root.pub'

export interface LoadedKeyring {
  readonly keyring: Keyring
  /** `keyring.json`, exactly the bytes that were signed. */
  readonly bytes: Uint8Array
  /** `keyring.json.minisig`. */
  readonly signature: Uint8Array
  /** SHA-256 of `keyring.json`, 64 hex digits. */
  readonly fingerprint: string
  readonly root: PublicKey
  /** `root.pub`. */
  readonly rootText: string
}

/**
 * Reads the keyring of a folder. Checks that its root signed it and that tips can be sealed to it
 * on `day`.
 * @throws KeyringError `MISSING`, `ROOT_MISSING`, `UNSIGNED`, `TAMPERED`, `INVALID`, `EXPIRED`,
 *   `NOT_YET` or `NO_RECIPIENTS`; the message says what to do.
 */
export async function loadKeyring(options: { dir: string; day: Day }): Promise<LoadedKeyring> {
  const loaded = await loadSignedKeyring(options.dir)
  const { expires } = loaded.keyring
  if (isExpired(loaded, options.day)) {
    throw new KeyringError(
      'EXPIRED',
      `the keyring expired: its last day was ${expires}. Sign it again with "tumen keyring sign --expires DAY"`,
    )
  }
  if (recipientsOn(loaded.keyring, options.day).length === 0) {
    const firstDay = firstDayAfter(loaded.keyring, options.day)
    if (firstDay !== null) {
      throw new KeyringError(
        'NOT_YET',
        `the keyring is not in force yet: its first day is ${firstDay}, and the clock of this machine says ${options.day}. Check the clock ("date -u"); if it is right, wait for that day`,
      )
    }
    throw new KeyringError(
      'NO_RECIPIENTS',
      `the keyring has no recipient in force on ${options.day}: add one with "tumen keyring add CARD" and sign it`,
    )
  }
  return loaded
}

/**
 * Like `loadKeyring`, but also loads a keyring that has expired or is not yet in force: for a
 * process that must start although its clock may be wrong. The process that serves the keyring must
 * check the day on every request, and stay closed until the keyring is in force.
 * @returns `closed`: why tips cannot be sealed to it today, or null.
 */
export async function loadKeyringToStart(options: {
  dir: string
  day: Day
}): Promise<{ loaded: LoadedKeyring; closed: KeyringError | null }> {
  try {
    return { loaded: await loadKeyring(options), closed: null }
  } catch (error) {
    if (!(error instanceof KeyringError) || !['EXPIRED', 'NOT_YET'].includes(error.code))
      throw error
    return { loaded: await loadSignedKeyring(options.dir), closed: error }
  }
}

/**
 * Reads a keyring like `loadKeyring`, but accepts one that has expired or has no recipient in
 * force.
 * @throws KeyringError `MISSING`, `ROOT_MISSING`, `UNSIGNED`, `TAMPERED` or `INVALID`.
 */
export async function loadSignedKeyring(dir: string): Promise<LoadedKeyring> {
  const bytes = await readOr(
    'MISSING',
    join(dir, keyringFileName),
    maxKeyringBytes,
    'make one with "tumen keyring init"',
  )
  const { root, rootText } = await readRoot(dir)
  const signature = await readOr(
    'UNSIGNED',
    join(dir, signatureFileName),
    maxSignatureFileBytes,
    'sign it with "tumen keyring sign"',
  )
  checkSignature({ bytes, signature, root })
  const fingerprint = createHash('sha256').update(bytes).digest('hex')
  return { keyring: parseKeyring(bytes), bytes, signature, fingerprint, root, rootText }
}

/** @throws KeyringError `ROOT_MISSING`; `INVALID` if `root.pub` is not a minisign public key. */
export async function readRoot(dir: string): Promise<{ root: PublicKey; rootText: string }> {
  const path = join(dir, rootFileName)
  const bytes = await readOr(
    'ROOT_MISSING',
    path,
    maxKeyFileBytes,
    'copy the public key of the root there',
  )
  const rootText = new TextDecoder().decode(bytes)
  try {
    return { root: parsePublicKey(rootText), rootText }
  } catch (cause) {
    throw new KeyringError(
      'INVALID',
      `${path} is not a minisign public key: copy it again from the ceremony`,
      cause,
    )
  }
}

// The signature is checked before the bytes are parsed, and by the page's own verifier: a signature
// that the page would refuse must be refused here first, where staff see it.
function checkSignature(options: {
  bytes: Uint8Array
  signature: Uint8Array
  root: PublicKey
}): void {
  try {
    verifyMinisignWithNoble({
      publicKey: options.root,
      message: options.bytes,
      signature: options.signature,
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'the signature does not match'
    throw new KeyringError(
      'TAMPERED',
      `the signature of ${keyringFileName} does not match (${why}): restore it from the ceremony, or sign it again`,
      cause,
    )
  }
}

async function readOr(
  code: 'MISSING' | 'ROOT_MISSING' | 'UNSIGNED',
  path: string,
  maxBytes: number,
  wayOut: string,
): Promise<Uint8Array> {
  let bytes: Uint8Array | null
  try {
    bytes = await readBounded(path, maxBytes)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new KeyringError(
      code,
      `${path} cannot be read (${reason}): check its owner and permissions`,
      cause,
    )
  }
  if (bytes === null) throw new KeyringError(code, `${path} is missing: ${wayOut}`)
  if (bytes.length > maxBytes)
    throw new KeyringError('INVALID', `${path} is longer than ${maxBytes} bytes`)
  return bytes
}
