import { CodedError } from '../errors/coded-error.ts'

/**
 * - `TOR_MISSING`: no program named tor was found; `DIR_MISSING`: TUMEN_TOR_DIR is not set.
 * - `NAME_INVALID`, `NAME_TAKEN`, `NAME_UNKNOWN`: the name of a client of the ops onion cannot be
 *   used, exists already, or does not exist.
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
