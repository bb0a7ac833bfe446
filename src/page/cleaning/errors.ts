import { CodedError } from '../../errors/coded-error.ts'

/** Why a picture was left as it is. */
export type CleaningErrorCode =
  /** Not built as its specification says, or ends too early. */
  | 'MALFORMED'
  /** Sound as far as one can tell, but with a part of which we do not know what it holds. */
  | 'UNSUPPORTED'
  /** Over a bound of ours. */
  | 'TOO_LARGE'

export class CleaningError extends CodedError<CleaningErrorCode> {
  override readonly name = 'CleaningError'
}

export function malformed(what: string, cause?: unknown): CleaningError {
  return new CleaningError('MALFORMED', `${what} is damaged`, cause)
}

export function unsupported(what: string): CleaningError {
  return new CleaningError('UNSUPPORTED', `${what} is not known here`)
}
