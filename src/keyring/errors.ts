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
 * Why a keyring, a card or a ceremony was refused. The first eight describe the state of a keyring
 * folder; the last two concern changes of one.
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
 * Why shares were refused. `DAMAGED`: a typing error; the message names the line. `MIXED`: shares
 * of different secrets. `NOT_RESTORED`: each share is intact, but together they do not give the key
 * that they name.
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
