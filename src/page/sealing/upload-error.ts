import { CodedError } from '../../errors/coded-error.ts'

/** Why a round of uploading ended. `decide` chooses what to do about it. */
export type UploadErrorCode =
  /** No answer arrived. */
  | 'OFFLINE'
  /** No bytes moved for too long. */
  | 'STALLED'
  | 'ABORTED'
  /** The server answered with a status other than success. */
  | 'STATUS'
  /** The answer does not follow the protocol. */
  | 'PROTOCOL'
  /** The server asks for bytes that were already forgotten. */
  | 'LOST'

export class UploadError extends CodedError<UploadErrorCode> {
  override readonly name = 'UploadError'
  /** The status of the answer; 0 without an answer. */
  readonly status: number
  /** The `code` of the server's problem document, if there is one. */
  readonly problem: string | null
  readonly method: string | null
  /** The whole answer, if it asks for a proof of work. */
  readonly challengeText: string | null
  /** The value of `Retry-After`; null if absent. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: UploadErrorCode,
    message: string,
    answer: {
      status?: number
      problem?: string | null
      method?: string
      challengeText?: string | null
      retryAfterSeconds?: number | null
    } = {},
  ) {
    super(code, message)
    this.status = answer.status ?? 0
    this.problem = answer.problem ?? null
    this.method = answer.method ?? null
    this.challengeText = answer.challengeText ?? null
    this.retryAfterSeconds = answer.retryAfterSeconds ?? null
  }
}
