import { CodedError } from '../errors/coded-error.ts'

/**
 * Why an age file was refused. All failures that depend on a secret have the same code,
 * `OPEN_FAILED`, so that an error never shows which secret was nearly right.
 */
export type AgeErrorCode =
  | 'NOT_AGE'
  | 'ARMORED'
  | 'HEADER_INVALID'
  | 'HEADER_TOO_LARGE'
  | 'NO_STANZAS'
  | 'TOO_MANY_STANZAS'
  | 'PASSPHRASE_STANZA'
  | 'SSH_STANZA'
  | 'PAYLOAD_TRUNCATED'
  | 'NO_MATCH'
  | 'OPEN_FAILED'
  | 'RECIPIENT_INVALID'
  | 'IDENTITY_INVALID'
  | 'RECIPIENTS_MIXED'
  | 'PROVIDER_UNAVAILABLE'
  | 'SOURCE_CHANGED'

export class AgeError extends CodedError<AgeErrorCode> {
  override readonly name = 'AgeError'
}
