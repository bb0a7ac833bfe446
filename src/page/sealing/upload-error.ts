import { CodedError } from '../../errors/coded-error.ts'

/** Why a round of uploading ended; what becomes of it is for `decide` to say. */
export type UploadErrorCode =
  /** No answer came. */
  | 'OFFLINE'
  /** Nothing moved for too long. */
  | 'STALLED'
  | 'ABORTED'
  /** The server answered with something else than success. */
  | 'STATUS'
  /** The answer is not what the protocol says. */
  | 'PROTOCOL'
  /** The server asks for bytes that are no longer at hand. */
  | 'LOST'

export class UploadError extends CodedError<UploadErrorCode> {
  override readonly name = 'UploadError'
  /** Of the answer; 0 without one. */
  readonly status: number
  /** The `code` of the server's problem, if it told one. */
  readonly problem: string | null
  readonly method: string | null
  /** The whole answer, where it asks for a proof of work. */
  readonly asks: string | null
  /** Of `Retry-After`; null without one. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: UploadErrorCode,
    message: string,
    answer: {
      status?: number
      problem?: string | null
      method?: string
      asks?: string | null
      retryAfterSeconds?: number | null
    } = {},
  ) {
    super(code, message)
    this.status = answer.status ?? 0
    this.problem = answer.problem ?? null
    this.method = answer.method ?? null
    this.asks = answer.asks ?? null
    this.retryAfterSeconds = answer.retryAfterSeconds ?? null
  }
}
