import { CodedError } from '../../errors/coded-error.ts'

/**
 * `UNSENT`: it has surely not arrived and never will. `REFUSED`: the intake said no. `UNCERTAIN`: the connection
 * broke, and it may still arrive. `WRONG_RECEIPT`: whoever answered is not our intake, or it
 * damages tips.
 * `LOST`: a receipt was given, and it did not reach the vault in time. `UNOPENED`: what lies in the vault does not open to it.
 */
export type CanaryErrorCode =
  | 'UNSENT'
  | 'REFUSED'
  | 'UNCERTAIN'
  | 'WRONG_RECEIPT'
  | 'LOST'
  | 'UNOPENED'
  | 'STOPPED'

export class CanaryError extends CodedError<CanaryErrorCode> {
  override readonly name = 'CanaryError'
}
