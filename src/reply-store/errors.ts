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
