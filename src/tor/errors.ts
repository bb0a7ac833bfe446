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

export class TorError extends Error {
  override readonly name = 'TorError'
  readonly code: TorErrorCode

  constructor(code: TorErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
