import { CodedError } from '../errors/coded-error.ts'

/** `UNREACHABLE` is never a reason to lose anything: the sweep tries again. */
export type QueueErrorCode = 'URL_INVALID' | 'UNREACHABLE'

export class QueueError extends CodedError<QueueErrorCode> {
  override readonly name = 'QueueError'
}
