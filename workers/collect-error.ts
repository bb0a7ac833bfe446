import { CodedError } from '../src/errors/coded-error.ts'

/**
 * `REFUSED`: this acknowledgement will never be good; `KEYRING_UNAVAILABLE`: it cannot be judged
 * now.
 */
export type CollectErrorCode = 'REFUSED' | 'KEYRING_UNAVAILABLE'

export class CollectError extends CodedError<CollectErrorCode> {
  override readonly name = 'CollectError'
}
