import { LockError } from '../disk/errors.ts'
import { type FolderLock, lockFolder } from '../disk/folder-lock.ts'
import { makeFolder } from '../disk/make-folder.ts'
import { SuperviseError } from './errors.ts'

/**
 * Makes sure that only one supervisor or restore at a time works on a data directory; see
 * `lockFolder` for how far the lock reaches.
 *
 * @throws SuperviseError `ALREADY_RUNNING`, `DATA_DIR_UNUSABLE`
 */
export async function lockDataDir(dataDir: string): Promise<FolderLock> {
  try {
    await makeFolder(dataDir, 0o700)
    return await lockFolder(dataDir)
  } catch (cause) {
    if (cause instanceof LockError && cause.code === 'LOCKED')
      throw new SuperviseError(
        'ALREADY_RUNNING',
        `TUMEN_DATA_DIR ${dataDir} is in use by another start: stop that one, or set another directory`,
        cause,
      )
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new SuperviseError(
      'DATA_DIR_UNUSABLE',
      `TUMEN_DATA_DIR cannot be used (${reason}): set a writable one`,
      cause,
    )
  }
}
