import { CodedError } from '../../errors/coded-error.ts'

/** `WINDOWS_INVALID`: `windows.json` of the casebook is invalid; the message names the field. */
export type TriageErrorCode = 'WINDOWS_INVALID'

export class TriageError extends CodedError<TriageErrorCode> {
  override readonly name = 'TriageError'
}
