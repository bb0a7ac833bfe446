import { CodedError } from '../../errors/coded-error.ts'

export type ReportErrorCode = 'SUBMITTER_INVALID'

export class ReportError extends CodedError<ReportErrorCode> {
  override readonly name = 'ReportError'
}
