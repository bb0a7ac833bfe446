/**
 * `LOCKED`: another program works on the casebook and does not end. `LOG_DAMAGED`: custody.jsonl has no good last line to go on from.
 */
export type CustodyErrorCode = 'LOCKED' | 'LOG_DAMAGED'

export class CustodyError extends Error {
  override readonly name = 'CustodyError'
  readonly code: CustodyErrorCode

  constructor(code: CustodyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
