import type { ProblemCode } from './problem-codes.ts'

/**
 * Refusals that say nothing about the envelope itself: the request was interrupted. A proxy may
 * deliver such an answer although the client sent everything.
 */
const requestBroke: ReadonlySet<string> = new Set<ProblemCode>(['ABORTED', 'BODY_TIMEOUT'])

/** Time-out, wrong offset (the client asks for the right one), locked upload, too many requests. */
const temporaryStatuses: ReadonlySet<number> = new Set([408, 409, 423, 429])

/**
 * Whether the same envelope may be accepted later. The page, `tumen send` and the canary all use
 * this rule, and the intake sends `Retry-After` only where it applies.
 * @param code of the problem document; null if the answer has none.
 */
export function mayRetry(status: number, code: string | null): boolean {
  return status >= 500 || temporaryStatuses.has(status) || requestBroke.has(code ?? '')
}
