import { CodedError } from '../../errors/coded-error.ts'

/**
 * `STATE_INVALID`: the state file is not valid. `STATE_LOST`: files that the state mentions are
 * missing. `STOPPED`: somebody answered no. `REFUSED`: an answer was not acceptable.
 */
export type CeremonyErrorCode = 'STATE_INVALID' | 'STATE_LOST' | 'STOPPED' | 'REFUSED'

export class CeremonyError extends CodedError<CeremonyErrorCode> {
  override readonly name = 'CeremonyError'
}
