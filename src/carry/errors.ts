import { CodedError } from '../errors/coded-error.ts'

/** Why a file on the stick was refused. */
export type CarryErrorCode =
  | 'NOT_A_FILE'
  | 'SUMS_MISSING'
  | 'SUMS_INVALID'
  | 'UNSIGNED'
  | 'SIGNER_UNKNOWN'
  | 'SIGNATURE_INVALID'
  | 'ACKNOWLEDGEMENT_INVALID'
  | 'FOLDER_NOT_EMPTY'

export class CarryError extends CodedError<CarryErrorCode> {
  override readonly name = 'CarryError'
}

/**
 * A `SIGNER_UNKNOWN` whose key is in the keyring and begins on a later day than the clock says. The
 * clock may be wrong.
 */
export class EarlySignerError extends CarryError {
  constructor(message: string) {
    super('SIGNER_UNKNOWN', message)
  }
}
