import { CodedError } from '../../errors/coded-error.ts'

/**
 * `LOCKED`: another program is working on the casebook and did not finish in time. `LOG_DAMAGED`:
 * the last line of custody.jsonl is invalid, so no line can be added.
 */
export type CustodyErrorCode = 'LOCKED' | 'LOG_DAMAGED'

export class CustodyError extends CodedError<CustodyErrorCode> {
  override readonly name = 'CustodyError'
}
