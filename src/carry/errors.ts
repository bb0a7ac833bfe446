/** Why what travels on the stick was refused. */
export type CarryErrorCode =
  | 'NOT_A_FILE'
  | 'SUMS_MISSING'
  | 'SUMS_INVALID'
  | 'UNSIGNED'
  | 'SIGNER_UNKNOWN'
  | 'SIGNATURE_INVALID'
  | 'ACKNOWLEDGEMENT_INVALID'
  | 'FOLDER_NOT_EMPTY'

export class CarryError extends Error {
  override readonly name = 'CarryError'
  readonly code: CarryErrorCode

  constructor(code: CarryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
