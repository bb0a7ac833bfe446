import { CodedError } from '../errors/coded-error.ts'
import type { AgeErrorCode } from '../age/errors.ts'
import { AgeError } from '../age/errors.ts'
import type { Challenge } from '../proof-of-work/challenge.ts'
import type { StoreErrorCode } from '../store/errors.ts'
import { StoreError } from '../store/errors.ts'

/** Stable: clients compare these, and nothing else. */
export type ProblemCode =
  | 'NOT_AGE'
  | 'ARMORED'
  | 'PASSPHRASE_STANZA'
  | 'SSH_STANZA'
  | 'HEADER_TOO_LARGE'
  | 'HEADER_INVALID'
  | 'NO_STANZAS'
  | 'TOO_MANY_STANZAS'
  | 'TRUNCATED'
  | 'TOO_LARGE'
  | 'LENGTH_MISMATCH'
  | 'MISSING_FILE'
  | 'TOO_MANY_FILES'
  | 'UNKNOWN_FIELD'
  | 'FORM_INVALID'
  | 'FORM_LIMITS'
  | 'UNSUPPORTED_TYPE'
  | 'BODY_TIMEOUT'
  | 'ABORTED'
  | 'TOO_MANY_UPLOADS'
  | 'NO_SPACE'
  | 'CLOSED'
  | 'DRAINING'
  | 'TOO_MANY_REQUESTS'
  | 'TOO_MANY_UNFINISHED'
  | 'PROOF_OF_WORK_NEEDED'
  | 'OFFSET_CONFLICT'
  | 'UPLOAD_HEADERS'
  | 'TUS_VERSION'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'INTERNAL'

/**
 * The one table of what a client may be told. What is not in it is `INTERNAL` and echoes nothing.
 */
export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = {
  NOT_AGE: 400,
  ARMORED: 400,
  PASSPHRASE_STANZA: 400,
  SSH_STANZA: 400,
  HEADER_TOO_LARGE: 400,
  HEADER_INVALID: 400,
  NO_STANZAS: 400,
  TOO_MANY_STANZAS: 400,
  TRUNCATED: 400,
  TOO_LARGE: 413,
  LENGTH_MISMATCH: 400,
  MISSING_FILE: 400,
  TOO_MANY_FILES: 400,
  UNKNOWN_FIELD: 400,
  FORM_INVALID: 400,
  FORM_LIMITS: 400,
  UNSUPPORTED_TYPE: 415,
  BODY_TIMEOUT: 408,
  ABORTED: 400,
  TOO_MANY_UPLOADS: 503,
  TOO_MANY_REQUESTS: 429,
  TOO_MANY_UNFINISHED: 429,
  PROOF_OF_WORK_NEEDED: 429,
  NO_SPACE: 507,
  CLOSED: 503,
  DRAINING: 503,
  OFFSET_CONFLICT: 409,
  UPLOAD_HEADERS: 400,
  TUS_VERSION: 412,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  INTERNAL: 500,
}

/** What the intake itself refuses. */
export class IntakeError extends CodedError<ProblemCode> {
  override readonly name: string = 'IntakeError'
}

/** With what is to be worked out, for whoever can. */
export class ProofNeededError extends IntakeError {
  override readonly name = 'ProofNeededError'
  readonly challenge: Challenge

  constructor(challenge: Challenge) {
    super('PROOF_OF_WORK_NEEDED', 'many come at once, and this one can work')
    this.challenge = challenge
  }
}

const AGE_PROBLEMS: Readonly<Partial<Record<AgeErrorCode, ProblemCode>>> = {
  NOT_AGE: 'NOT_AGE',
  ARMORED: 'ARMORED',
  PASSPHRASE_STANZA: 'PASSPHRASE_STANZA',
  SSH_STANZA: 'SSH_STANZA',
  HEADER_TOO_LARGE: 'HEADER_TOO_LARGE',
  HEADER_INVALID: 'HEADER_INVALID',
  NO_STANZAS: 'NO_STANZAS',
  TOO_MANY_STANZAS: 'TOO_MANY_STANZAS',
  PAYLOAD_TRUNCATED: 'TRUNCATED',
}

const STORE_PROBLEMS: Readonly<Partial<Record<StoreErrorCode, ProblemCode>>> = {
  NO_SPACE: 'NO_SPACE',
}

export function problemOf(error: unknown): ProblemCode {
  if (error instanceof IntakeError) return error.code
  if (error instanceof AgeError) return AGE_PROBLEMS[error.code] ?? 'INTERNAL'
  if (error instanceof StoreError) return STORE_PROBLEMS[error.code] ?? 'INTERNAL'
  return 'INTERNAL'
}
