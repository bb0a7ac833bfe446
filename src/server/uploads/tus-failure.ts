import type { ProblemCode } from '../../wire/problem-codes.ts'
import { IntakeError } from '../errors.ts'

/** What `@tus/server` says by a status alone, in our words; its own text is never passed on. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  404: 'NOT_FOUND',
  409: 'OFFSET_CONFLICT',
  412: 'TUS_VERSION',
  413: 'TOO_LARGE',
}

export function problemOfStatus(status: number): IntakeError {
  // 501 for an extension we don't offer, too: a client that hears 5xx tries for ever
  const isClients = (status >= 400 && status < 500) || status === 501
  const code = CODE_OF_STATUS[status] ?? (isClients ? 'UPLOAD_HEADERS' : 'INTERNAL')
  return new IntakeError(code, 'the tus request was refused')
}

/** It throws plain objects for its own refusals; our errors come through as they are. */
export function problemOfFailure(failure: unknown): unknown {
  if (failure instanceof Error) return failure
  const status =
    typeof failure === 'object' && failure !== null && 'status_code' in failure
      ? failure.status_code
      : 500
  return problemOfStatus(typeof status === 'number' ? status : 500)
}
