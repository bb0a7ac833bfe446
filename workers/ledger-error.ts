export type LedgerErrorCode = 'LOCKED' | 'CHAIN_BROKEN' | 'IO_FAILED' | 'CLOSED'

export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly code: LedgerErrorCode

  constructor(code: LedgerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
