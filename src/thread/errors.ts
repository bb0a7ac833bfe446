import { CodedError } from '../errors/coded-error.ts'

/**
 * Why twelve words were refused. `WORDS_COUNT`: there are not twelve; `WORD_UNKNOWN`: one is not on
 * the list; `WORDS_CHECKSUM`: one is wrong, or the order is.
 */
export type ThreadErrorCode = 'WORDS_COUNT' | 'WORD_UNKNOWN' | 'WORDS_CHECKSUM'

/** The message never quotes a word: the words are a secret. */
export class ThreadError extends CodedError<ThreadErrorCode> {
  override readonly name = 'ThreadError'
  /** Position of the word in question, from 1; absent if it is not known. */
  readonly position?: number

  constructor(code: ThreadErrorCode, message: string, position?: number) {
    super(code, message)
    if (position !== undefined) this.position = position
  }
}
