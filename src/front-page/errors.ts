import { CodedError } from '../errors/coded-error.ts'

/** `FOLDER_NOT_EMPTY`: existing files are never overwritten. */
export type FrontPageErrorCode = 'FOLDER_NOT_EMPTY'

export class FrontPageError extends CodedError<FrontPageErrorCode> {
  override readonly name = 'FrontPageError'
}
