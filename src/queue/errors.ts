import { CodedError } from '../errors/coded-error.ts'

/** `UNREACHABLE` never causes a loss: the sweep tries again. */
export type QueueErrorCode = 'URL_INVALID' | 'UNREACHABLE'

export class QueueError extends CodedError<QueueErrorCode> {
  override readonly name = 'QueueError'
}
