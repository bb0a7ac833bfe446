import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readOnStick } from '../carry/open-on-stick.ts'
import { verifySigner } from '../carry/signer.ts'
import { maxSignatureFileBytes } from '../keyring/bounds.ts'
import type { Day } from '../time/day.ts'
import { loadSignedKeyring } from '../keyring/load.ts'
import { orNull } from '../disk/errno.ts'
import { BackupError } from './errors.ts'
import { listGenerations } from './generations.ts'
import { maxSumsBytes, parseSums, type Sums, sumsFileName, sumsSignatureFileName } from './sums.ts'

export interface ReadBackup {
  folder: string
  sums: Sums
  /** The signer of the sums, as named in the keyring; null if no signature was required. */
  signer: string | null
}

/** The backup in `path`, or the newest one under it. @throws BackupError `NOT_A_BACKUP`. */
export async function findBackup(path: string): Promise<string> {
  const names = await orNull(readdir(path))
  if (names?.includes(sumsFileName)) return path
  const newest = (await listGenerations(path)).at(-1)
  if (newest === undefined)
    throw new BackupError(
      'NOT_A_BACKUP',
      `${path} holds no backup: name the folder that "tumen backup" wrote to`,
    )
  return join(path, newest)
}

/**
 * Reads the sums of a backup; its files have yet to be checked. The signer is looked up in the
 * keyring of `keysDir`. If there is no keyring yet, the one in the backup itself is used, which
 * then only proves that the backup is complete.
 * @throws BackupError, CarryError `SIGNER_UNKNOWN` or `SIGNATURE_INVALID`, KeyringError.
 */
export async function readBackup(
  folder: string,
  options: { keysDir: string | null; day: Day; mayBeUnsigned: boolean },
): Promise<ReadBackup> {
  const bytes = await readOnStick(join(folder, sumsFileName), maxSumsBytes)
  if (bytes === null)
    throw new BackupError('NOT_A_BACKUP', `${folder} has no ${sumsFileName}: it is not a backup`)
  if (options.mayBeUnsigned) return { folder, sums: parseSums(bytes), signer: null }
  const signature = await readOnStick(join(folder, sumsSignatureFileName), maxSignatureFileBytes)
  if (signature === null) {
    throw new BackupError(
      'UNSIGNED',
      `${folder} is not signed, so somebody may have changed it: give --unsigned if it was in good hands all the time`,
    )
  }
  const { keyring } = await loadSignedKeyring(options.keysDir ?? join(folder, 'keys'))
  const { signer } = verifySigner({ bytes, signature }, keyring, 'export', options.day)
  return { folder, sums: parseSums(bytes), signer: signer.name }
}

/** Files in a backup that are not listed in its sums. */
export async function findAdded({ folder, sums }: ReadBackup): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const added = paths.filter(
    (path) => !sums.has(path) && path !== sumsFileName && path !== sumsSignatureFileName,
  )
  // These names may come from an attacker, and they are shown on a terminal.
  return added.map((path) => path.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)).sort()
}
