import { CodedError } from '../errors/coded-error.ts'

/**
 * Why a tip or its container was refused. `TIP_*` and `DATE_INVALID` concern `tip.json`; `NAME_*`
 * and `CONTENT_LENGTH` concern packing; all others concern reading an archive.
 */
export type TipErrorCode =
  | 'TIP_TOO_LARGE'
  | 'TIP_NOT_UTF8'
  | 'TIP_NOT_JSON'
  | 'TIP_VERSION'
  | 'TIP_INVALID'
  | 'DATE_INVALID'
  | 'SIZE_INVALID'
  | 'NAME_INVALID'
  | 'NAME_DUPLICATE'
  | 'TOO_MANY_ATTACHMENTS'
  | 'CONTENT_LENGTH'
  | 'NOT_TAR'
  | 'TAR_CHECKSUM'
  | 'TAR_SIZE'
  | 'TAR_ENTRY_TYPE'
  | 'TAR_PATH'
  | 'TAR_DUPLICATE'
  | 'TAR_PAX'
  | 'TAR_TOO_MANY'
  | 'TAR_TRUNCATED'
  | 'TAR_PADDING'

export class TipError extends CodedError<TipErrorCode> {
  override readonly name = 'TipError'
}
