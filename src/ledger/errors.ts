import { CodedError } from '../errors/coded-error.ts'

export type LedgerErrorCode = 'LOCKED' | 'CHAIN_BROKEN' | 'IO_FAILED' | 'CLOSED'

export class LedgerError extends CodedError<LedgerErrorCode> {
  override readonly name = 'LedgerError'
}
