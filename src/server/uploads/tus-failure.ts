import type { ProblemCode } from '../../wire/problem-codes.ts'
import { IntakeError } from '../errors.ts'

/** Our codes for the statuses of `@tus/server`; its own text is never passed on. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  404: 'NOT_FOUND',
  409: 'OFFSET_CONFLICT',
  412: 'TUS_VERSION',
  413: 'TOO_LARGE',
}

export function problemOfStatus(status: number): IntakeError {
  // 501, for an extension that is not offered, counts as the client's fault: after a 5xx a client
  // would retry for ever
  const isClients = (status >= 400 && status < 500) || status === 501
  const code = CODE_OF_STATUS[status] ?? (isClients ? 'UPLOAD_HEADERS' : 'INTERNAL')
  return new IntakeError(code, 'the tus request was refused')
}

/** `@tus/server` throws plain objects for its own refusals; our errors pass through unchanged. */
export function problemOfFailure(failure: unknown): unknown {
  if (failure instanceof Error) return failure
  const status =
    typeof failure === 'object' && failure !== null && 'status_code' in failure
      ? failure.status_code
      : 500
  return problemOfStatus(typeof status === 'number' ? status : 500)
}
