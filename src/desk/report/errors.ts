export type ReportErrorCode = 'SUBMITTER_INVALID'

export class ReportError extends Error {
  override readonly name = 'ReportError'
  readonly code: ReportErrorCode

  constructor(code: ReportErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
