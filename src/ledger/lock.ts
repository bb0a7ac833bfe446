import { LockError } from '../disk/errors.ts'
import { type FolderLock, lockFolder } from '../disk/folder-lock.ts'
import { LedgerError } from './errors.ts'

/**
 * Makes this process the only writer of the ledger; see `lockFolder` for how far the lock reaches.
 *
 * @param folder the folder of the closed segments, which exists.
 * @throws LedgerError `LOCKED` when another process holds it for longer than `waitMs`, `IO_FAILED`
 * when it cannot be locked at all.
 */
export async function lockLedger(folder: string, waitMs: number): Promise<FolderLock> {
  try {
    return await lockFolder(folder, waitMs)
  } catch (cause) {
    if (!(cause instanceof LockError)) throw cause
    throw cause.code === 'LOCKED'
      ? new LedgerError(
          'LOCKED',
          'another worker writes this ledger; stop it first, or give this one another TUMEN_DATA_DIR',
          cause,
        )
      : new LedgerError('IO_FAILED', `the ledger cannot be locked: ${cause.message}`, cause)
  }
}
