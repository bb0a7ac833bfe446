import { CodedError } from '../errors/coded-error.ts'

/** Why a picture was left unchanged. */
export type CleaningErrorCode =
  /** The file violates its specification, or ends too early. */
  | 'MALFORMED'
  /** The file seems valid but has a part whose content is unknown to us. */
  | 'UNSUPPORTED'
  /** The file exceeds one of our own limits. */
  | 'TOO_LARGE'

export class CleaningError extends CodedError<CleaningErrorCode> {
  override readonly name = 'CleaningError'
}

export function malformed(what: string, cause?: unknown): CleaningError {
  return new CleaningError('MALFORMED', `${what} is damaged`, cause)
}

export function unsupported(what: string): CleaningError {
  return new CleaningError('UNSUPPORTED', `${what} is not supported`)
}

/**
 * Returns `value` for a part that is damaged, too large or unknown. All other errors, such as those
 * of the platform, are thrown again.
 */
export function ifUnusable<Value>(error: unknown, value: Value): Value {
  if (error instanceof CleaningError) return value
  throw error
}
