/**
 * Base of every error class of Tumen. `code` is a stable word for programs, of a union that each
 * class declares; `message` is one sentence for people, in lower case, that names the way out.
 */
export abstract class CodedError<Code extends string = string> extends Error {
  readonly code: Code

  /** @param cause the error that led to this one; left out when there is none. */
  constructor(code: Code, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
