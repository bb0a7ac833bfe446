/** `UNREACHABLE` is never a reason to lose anything: the sweep tries again. */
export type QueueErrorCode = 'URL_INVALID' | 'UNREACHABLE'

export class QueueError extends Error {
  override readonly name = 'QueueError'
  readonly code: QueueErrorCode

  constructor(code: QueueErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
