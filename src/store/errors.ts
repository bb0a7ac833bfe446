import { CodedError } from '../errors/coded-error.ts'
import { errnoOf, isOutOfRoom } from '../disk/errno.ts'

export type StoreErrorCode =
  | 'NO_SPACE'
  | 'NOT_FOUND'
  | 'INVALID_RECEIPT'
  | 'STAGE_CLOSED'
  | 'IN_USE'
  | 'TOO_NEW'
  /** A restore into the folder is running, or was stopped halfway. */
  | 'RESTORING'
  /** The path of the data folder no longer names the folder that this process opened. */
  | 'REPLACED'
  /** The S3 store does not answer, or not as it should; another attempt may succeed. */
  | 'STORE_DOWN'
  /** The bucket must not be used as it is. */
  | 'UNFIT'
  | 'IO_FAILED'

export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError'
}

/**
 * Turns a system error into a StoreError. A full disk gets another code than a broken one, because
 * a sender may wait and try again.
 */
export function asStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const errno = errnoOf(cause)
  if (isOutOfRoom(cause)) {
    return new StoreError(
      'NO_SPACE',
      `the data folder takes nothing in (${errno}): free some space or inodes, or mount it writable`,
      cause,
    )
  }
  return new StoreError(
    'IO_FAILED',
    `the data folder failed (${errno ?? 'unknown'}): check its owner, its rights and the disk`,
    cause,
  )
}
