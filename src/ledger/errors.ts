import { CodedError } from '../errors/coded-error.ts'

/** `REPLACED`: `ledger.jsonl` or the folder `ledger` was moved away while it was written. */
export type LedgerErrorCode = 'LOCKED' | 'CHAIN_BROKEN' | 'IO_FAILED' | 'REPLACED' | 'CLOSED'

export class LedgerError extends CodedError<LedgerErrorCode> {
  override readonly name = 'LedgerError'
}
