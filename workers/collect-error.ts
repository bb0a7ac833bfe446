import { CodedError } from '../src/errors/coded-error.ts'

/**
 * `REFUSED`: the acknowledgement can never be valid; `NOT_YET`: only on a later day than the clock
 * says, which may be wrong; `KEYRING_UNAVAILABLE`: none can be verified now.
 */
export type CollectErrorCode = 'REFUSED' | 'NOT_YET' | 'KEYRING_UNAVAILABLE'

export class CollectError extends CodedError<CollectErrorCode> {
  override readonly name = 'CollectError'
}
