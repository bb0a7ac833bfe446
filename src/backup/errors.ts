import { CodedError } from '../errors/coded-error.ts'

/**
 * `NOT_A_BACKUP`, `SUMS_INVALID`, `UNSIGNED`: the folder cannot be trusted to be one; `DAMAGED`:
 * something in it is missing or changed; `NOT_PRIVATE`: its file system shows files to others;
 * `NOT_EMPTY`: there is something where it should be restored to.
 */
export type BackupErrorCode =
  | 'NOT_A_BACKUP'
  | 'SUMS_INVALID'
  | 'UNSIGNED'
  | 'DAMAGED'
  | 'NOT_PRIVATE'
  | 'NOT_EMPTY'

export class BackupError extends CodedError<BackupErrorCode> {
  override readonly name = 'BackupError'
}
