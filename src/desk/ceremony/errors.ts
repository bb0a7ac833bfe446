import { CodedError } from '../../errors/coded-error.ts'

/**
 * `STATE_INVALID`: the state file is not one of ours; `STATE_LOST`: it speaks of files that are
 * gone; `STOPPED`: somebody said no; `REFUSED`: an answer that does not do.
 */
export type CeremonyErrorCode = 'STATE_INVALID' | 'STATE_LOST' | 'STOPPED' | 'REFUSED'

export class CeremonyError extends CodedError<CeremonyErrorCode> {
  override readonly name = 'CeremonyError'
}
