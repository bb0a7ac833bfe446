import { CodedError } from '../errors/coded-error.ts'

/** Why a reply, a drop or an index was refused. */
export type ReplyErrorCode =
  | 'MESSAGE_INVALID'
  | 'MESSAGE_TOO_LONG'
  | 'DROP_INVALID'
  | 'INDEX_INVALID'

export class ReplyError extends CodedError<ReplyErrorCode> {
  override readonly name = 'ReplyError'
}
