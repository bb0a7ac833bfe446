import { CodedError } from '../src/errors/coded-error.ts'

/**
 * `REFUSED`: the acknowledgement can never be valid; `KEYRING_UNAVAILABLE`: it cannot be verified
 * now.
 */
export type CollectErrorCode = 'REFUSED' | 'KEYRING_UNAVAILABLE'

export class CollectError extends CodedError<CollectErrorCode> {
  override readonly name = 'CollectError'
}
