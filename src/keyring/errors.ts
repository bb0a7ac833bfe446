import { CodedError } from '../errors/coded-error.ts'

/** Why a minisign key or signature was refused. */
export type MinisignErrorCode =
  | 'MALFORMED'
  | 'UNSUPPORTED'
  | 'PASSPHRASE_NEEDED'
  | 'PASSPHRASE_WRONG'
  | 'WRONG_KEY'
  | 'SIGNATURE_INVALID'

export class MinisignError extends CodedError<MinisignErrorCode> {
  override readonly name = 'MinisignError'
}

/**
 * Why a keyring, a card or a ceremony was refused. The first eight say which
 * state a keyring folder is in; the last two are about changing one.
 */
export type KeyringErrorCode =
  | 'MISSING'
  | 'UNSIGNED'
  | 'TAMPERED'
  | 'INVALID'
  | 'EXPIRED'
  | 'NOT_YET'
  | 'NO_RECIPIENTS'
  | 'ROOT_MISSING'
  | 'EXISTS'
  | 'NOT_FOUND'

export class KeyringError extends CodedError<KeyringErrorCode> {
  override readonly name = 'KeyringError'
}

/**
 * Why shares were refused. `DAMAGED`: a typing error, its line named. `MIXED`: of different
 * secrets. `NOT_RESTORED`: intact each, and still not the key they name.
 */
export type ShareErrorCode =
  | 'BOUNDS'
  | 'MALFORMED'
  | 'DAMAGED'
  | 'MIXED'
  | 'DUPLICATE'
  | 'TOO_FEW'
  | 'NOT_RESTORED'

export class ShareError extends CodedError<ShareErrorCode> {
  override readonly name = 'ShareError'
}
