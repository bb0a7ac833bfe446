import { CodedError } from '../errors/coded-error.ts'
import { errnoOf } from '../disk/errno.ts'

export type StoreErrorCode =
  | 'NO_SPACE'
  | 'NOT_FOUND'
  | 'INVALID_RECEIPT'
  | 'STAGE_CLOSED'
  | 'IN_USE'
  | 'IO_FAILED'

export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError'
}

/** A full disk is told apart from a broken one: the first can be waited out. */
export function asStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const errno = errnoOf(cause)
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new StoreError('NO_SPACE', 'the data folder is full: free some space or move it', cause)
  }
  return new StoreError(
    'IO_FAILED',
    `the data folder failed (${errno ?? 'unknown'}): check the disk`,
    cause,
  )
}
