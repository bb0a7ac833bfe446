/** `FOLDER_NOT_EMPTY`: nothing is written over. */
export type FrontPageErrorCode = 'FOLDER_NOT_EMPTY'

export class FrontPageError extends Error {
  override readonly name = 'FrontPageError'
  readonly code: FrontPageErrorCode

  constructor(code: FrontPageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
