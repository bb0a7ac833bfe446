import { CodedError } from '../errors/coded-error.ts'
import type { AgeErrorCode } from '../age/errors.ts'
import { AgeError } from '../age/errors.ts'
import type { Challenge } from '../proof-of-work/challenge.ts'
import type { ProblemCode } from '../wire/problem-codes.ts'
import type { StoreErrorCode } from '../store/errors.ts'
import { StoreError } from '../store/errors.ts'

/** A refusal by the intake itself. */
export class IntakeError extends CodedError<ProblemCode> {
  override readonly name: string = 'IntakeError'
}

/** A request whose head is refused with a specific HTTP status. */
export class BadHeadError extends IntakeError {
  override readonly name = 'BadHeadError'
  readonly status: 400 | 417

  constructor(status: 400 | 417) {
    super('FORM_INVALID', `the head of the request is refused with ${status}`)
    this.status = status
  }
}

/** Carries the challenge for the client. */
export class ProofNeededError extends IntakeError {
  override readonly name = 'ProofNeededError'
  readonly challenge: Challenge

  constructor(challenge: Challenge) {
    super('PROOF_OF_WORK_NEEDED', 'a crowd is here, and the client supports proofs of work')
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
  STORE_DOWN: 'STORE_DOWN',
  REPLACED: 'STORE_DOWN',
}

export function problemOf(error: unknown): ProblemCode {
  if (error instanceof IntakeError) return error.code
  if (error instanceof AgeError) return AGE_PROBLEMS[error.code] ?? 'INTERNAL'
  if (error instanceof StoreError) return STORE_PROBLEMS[error.code] ?? 'INTERNAL'
  return 'INTERNAL'
}
