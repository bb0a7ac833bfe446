import { CodedError } from '../../errors/coded-error.ts'

/**
 * `UNSENT`: the canary did not arrive and never will. `NOT_NOW`: the intake refused it for now.
 * `REFUSED`: the intake refused it for good. `UNCERTAIN`: the connection broke, and the canary may
 * still arrive. `WRONG_RECEIPT`: the answer came from another program, or the intake damages tips.
 * `LOST`: a receipt was given, but the canary did not reach the vault in time. `UNOPENED`: what the
 * vault holds does not open to the canary.
 */
export type CanaryErrorCode =
  | 'UNSENT'
  | 'NOT_NOW'
  | 'REFUSED'
  | 'UNCERTAIN'
  | 'WRONG_RECEIPT'
  | 'LOST'
  | 'UNOPENED'
  | 'STOPPED'

export class CanaryError extends CodedError<CanaryErrorCode> {
  override readonly name = 'CanaryError'
}
