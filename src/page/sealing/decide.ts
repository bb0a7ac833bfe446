import { AgeError } from '../../age/errors.ts'
import { TipError } from '../../tip/errors.ts'
import { mayRetry } from '../../wire/may-retry.ts'
import { passingProblems, type PassingProblem } from '../../wire/problem-codes.ts'
import { SealingError } from './sealer.ts'
import { UploadError } from './upload-error.ts'

/** RFC 4918 §11.5: such a request must not be repeated until the user asks for it. */
const insufficientStorage = 507

/**
 * `resume` continues the same upload, `restart` starts another one with freshly made keys, and an
 * error ends the sending.
 */
export type Decision = 'resume' | 'restart' | SealingError

/** Decides what to do with an upload after a round failed. */
export function decide(error: unknown): Decision {
  if (!(error instanceof UploadError)) return failureOfSealing(error)
  if (error.code === 'LOST') return 'restart'
  return error.code === 'STATUS' ? decideByStatus(error) : 'resume'
}

function decideByStatus({ status, problem, method }: UploadError): Decision {
  const isGone = status === 404 || status === 410
  if (isGone && method !== 'POST') return 'restart'
  if (status === 413)
    return new SealingError('TOO_LARGE', 'the envelope is larger than the server accepts')
  if (status === insufficientStorage)
    return new SealingError('NO_SPACE', 'the server has no space left')
  if (mayRetry(status, problem)) return 'resume'
  return new SealingError('REFUSED', `the server refused the request: ${problem ?? status}`)
}

/** The server's reason why it cannot take the envelope now; null if the connection broke. */
export function passingProblemOf(error: unknown): PassingProblem | null {
  if (!(error instanceof UploadError)) return null
  return passingProblems.find((code) => code === error.problem) ?? null
}

/** Converts an error thrown while sealing into one that the page knows. */
export function failureOfSealing(error: unknown): SealingError {
  if (error instanceof SealingError) return error
  if (error instanceof TipError) {
    // The message names the attachment by its number.
    if (error.code === 'CONTENT_LENGTH')
      return new SealingError('FILE_UNREADABLE', error.message, error)
    return new SealingError('TIP_INVALID', error.message, error)
  }
  const message =
    error instanceof AgeError ? error.message : 'something went wrong in the sealing worker'
  return new SealingError('BROKEN', message, error)
}
