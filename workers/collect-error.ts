/**
 * `REFUSED`: this acknowledgement will never be good; `KEYRING_UNAVAILABLE`: it cannot be judged now.
 */
export type CollectErrorCode = 'REFUSED' | 'KEYRING_UNAVAILABLE'

export class CollectError extends Error {
  override readonly name = 'CollectError'
  readonly code: CollectErrorCode

  constructor(code: CollectErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
