import { EarlySignerError } from '../carry/errors.ts'
import { CodedError } from '../errors/coded-error.ts'

/** The first check that the answers on a stick did not pass, in the order of the checks. */
export type ReplyStoreErrorCode =
  | 'NOT_A_FILE'
  | 'TOO_MANY'
  | 'UNSIGNED'
  | 'SIGNER_UNKNOWN'
  | 'SIGNATURE_INVALID'
  | 'INDEX_INVALID'
  | 'NOT_NEWER'
  | 'DAY_TO_COME'
  | 'DROP_MISSING'
  | 'DROP_CHANGED'
  | 'DROP_UNSIGNED'

export class ReplyStoreError extends CodedError<ReplyStoreErrorCode> {
  override readonly name = 'ReplyStoreError'
}

/**
 * Whether the check fails only because the clock says too early a day. The clock may be wrong, so
 * nothing is put aside because of it.
 */
export function isTooEarly({ code, cause }: ReplyStoreError): boolean {
  return code === 'DAY_TO_COME' || cause instanceof EarlySignerError
}
