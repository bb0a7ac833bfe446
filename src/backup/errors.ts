import { CodedError } from '../errors/coded-error.ts'

/**
 * `NOT_A_BACKUP`, `SUMS_INVALID`, `UNSIGNED`: the folder cannot be trusted to be a backup;
 * `DAMAGED`: something in it is missing or changed; `NOT_PRIVATE`: its file system makes files
 * readable for other users; `NOT_EMPTY`: the target of the restore is not empty; `TOO_MANY`: more
 * files than a restore reads.
 */
export type BackupErrorCode =
  | 'NOT_A_BACKUP'
  | 'SUMS_INVALID'
  | 'UNSIGNED'
  | 'DAMAGED'
  | 'NOT_PRIVATE'
  | 'NOT_EMPTY'
  | 'TOO_MANY'

export class BackupError extends CodedError<BackupErrorCode> {
  override readonly name = 'BackupError'
}
