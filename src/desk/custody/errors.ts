import { CodedError } from '../../errors/coded-error.ts'

/**
 * `LOCKED`: another program works on the casebook and does not end. `LOG_DAMAGED`: custody.jsonl
 * has no good last line to go on from.
 */
export type CustodyErrorCode = 'LOCKED' | 'LOG_DAMAGED'

export class CustodyError extends CodedError<CustodyErrorCode> {
  override readonly name = 'CustodyError'
}
