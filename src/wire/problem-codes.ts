/**
 * Every refusal that the intake can answer with, and its HTTP status. The names are stable:
 * clients compare them, and nothing else in an answer.
 */
export const problemStatus = {
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
  STORE_DOWN: 503,
  BEING_STORED: 503,
  CLOSED: 503,
  DRAINING: 503,
  OFFSET_CONFLICT: 409,
  UPLOAD_HEADERS: 400,
  TUS_VERSION: 412,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  RANGE_NOT_SATISFIABLE: 416,
  INTERNAL: 500,
} as const satisfies Readonly<Record<string, number>>

export type ProblemCode = keyof typeof problemStatus

/** The problem whose answer holds a challenge. */
export const proofNeeded = 'PROOF_OF_WORK_NEEDED' satisfies ProblemCode

/**
 * Temporary problems, which a client waits out before it sends the envelope again. Meanwhile it
 * shows the text of the problem.
 */
export const passingProblems = [
  'TOO_MANY_UPLOADS',
  'TOO_MANY_REQUESTS',
  'TOO_MANY_UNFINISHED',
  'STORE_DOWN',
  'BEING_STORED',
  'CLOSED',
  'DRAINING',
  'INTERNAL',
] as const satisfies readonly ProblemCode[]
export type PassingProblem = (typeof passingProblems)[number]
