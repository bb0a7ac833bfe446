/**
 * `STATE_INVALID`: the state file is not one of ours; `STATE_LOST`: it speaks of files that are gone; `STOPPED`: somebody said no; `REFUSED`: an answer that does not do.
 */
export type CeremonyErrorCode = 'STATE_INVALID' | 'STATE_LOST' | 'STOPPED' | 'REFUSED'

export class CeremonyError extends Error {
  override readonly name = 'CeremonyError'
  readonly code: CeremonyErrorCode

  constructor(code: CeremonyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
