import type { ProblemCode } from '../../src/wire/problem-codes.ts'

/** The problem codes that requests of each kind can be answered with. */

/** Problems of every request. */
const always = ['TOO_MANY_REQUESTS', 'INTERNAL'] as const

/** Problem of every address except the page's own files: the keyring may have expired. */
const closed = ['CLOSED'] as const

/** Problems found by the check of an age file's structure. */
const notAnEnvelope = [
  'NOT_AGE',
  'ARMORED',
  'PASSPHRASE_STANZA',
  'SSH_STANZA',
  'HEADER_TOO_LARGE',
  'HEADER_INVALID',
  'NO_STANZAS',
  'TOO_MANY_STANZAS',
  'TRUNCATED',
] as const

/** Problems while a body is read. */
const body = ['BODY_TIMEOUT', 'ABORTED', 'TOO_LARGE', 'NO_SPACE', 'STORE_DOWN'] as const

/** Problems at the start of an upload. */
const admission = ['DRAINING', 'TOO_MANY_UPLOADS', 'PROOF_OF_WORK_NEEDED'] as const

const form = [
  'MISSING_FILE',
  'TOO_MANY_FILES',
  'UNKNOWN_FIELD',
  'FORM_INVALID',
  'FORM_LIMITS',
] as const

export const problemsOf = {
  asset: [...always, 'NOT_FOUND', 'METHOD_NOT_ALLOWED'],
  page: [...always, ...closed, 'DRAINING', 'METHOD_NOT_ALLOWED'],
  keyring: [...always, ...closed, 'METHOD_NOT_ALLOWED'],
  submission: [
    ...always,
    ...closed,
    ...admission,
    ...body,
    ...form,
    ...notAnEnvelope,
    'LENGTH_MISMATCH',
    'UNSUPPORTED_TYPE',
    'METHOD_NOT_ALLOWED',
  ],
  creation: [
    ...always,
    ...closed,
    ...admission,
    'NO_SPACE',
    'TOO_LARGE',
    'TOO_MANY_UNFINISHED',
    'TUS_VERSION',
    'UPLOAD_HEADERS',
    'METHOD_NOT_ALLOWED',
  ],
  upload: [
    ...always,
    ...closed,
    ...notAnEnvelope,
    'NOT_FOUND',
    'OFFSET_CONFLICT',
    'TUS_VERSION',
    'UPLOAD_HEADERS',
    'UNSUPPORTED_TYPE',
    'TOO_MANY_UPLOADS',
    'TOO_LARGE',
    'NO_SPACE',
    'STORE_DOWN',
    'BEING_STORED',
    'METHOD_NOT_ALLOWED',
  ],
  receipt: [...always, ...closed, 'NOT_FOUND', 'STORE_DOWN', 'METHOD_NOT_ALLOWED'],
  reply: [...always, ...closed, 'NOT_FOUND', 'METHOD_NOT_ALLOWED', 'RANGE_NOT_SATISFIABLE'],
  receiptForm: [
    ...always,
    ...closed,
    'NOT_FOUND',
    'STORE_DOWN',
    'FORM_LIMITS',
    'UNSUPPORTED_TYPE',
    'BODY_TIMEOUT',
    'ABORTED',
    'METHOD_NOT_ALLOWED',
  ],
} as const satisfies Readonly<Record<string, readonly ProblemCode[]>>

export type RequestKind = keyof typeof problemsOf
