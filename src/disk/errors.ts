import { CodedError } from '../errors/coded-error.ts'

/** `LOCKED`: another process holds the lock. `UNLOCKABLE`: this machine cannot lock the folder. */
export type LockErrorCode = 'LOCKED' | 'UNLOCKABLE'

export class LockError extends CodedError<LockErrorCode> {
  override readonly name = 'LockError'
}
