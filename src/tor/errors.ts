import { CodedError } from '../errors/coded-error.ts'

/**
 * - `TOR_MISSING`: there is no program named tor; `DIR_MISSING`: TUMEN_TOR_DIR is not set.
 * - `NAME_INVALID`, `NAME_TAKEN`, `NAME_UNKNOWN`: of a person who may reach the second onion.
 */
export type TorErrorCode =
  | 'TOR_MISSING'
  | 'DIR_MISSING'
  | 'NAME_INVALID'
  | 'NAME_TAKEN'
  | 'NAME_UNKNOWN'

export class TorError extends CodedError<TorErrorCode> {
  override readonly name = 'TorError'
}
