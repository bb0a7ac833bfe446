/**
 * `WINDOWS_INVALID`: `windows.json` of the casebook cannot be used; the message names the field.
 */
export type TriageErrorCode = 'WINDOWS_INVALID'

export class TriageError extends Error {
  override readonly name = 'TriageError'
  readonly code: TriageErrorCode

  constructor(code: TriageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
