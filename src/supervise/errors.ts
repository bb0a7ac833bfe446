export type SuperviseErrorCode =
  | 'ALREADY_RUNNING'
  | 'DATA_DIR_UNUSABLE'
  | 'ADDRESS_TAKEN'
  | 'REDIS_MISSING'
  | 'PROCESS_REFUSED'
  | 'STOPPED'

export class SuperviseError extends Error {
  override readonly name = 'SuperviseError'
  readonly code: SuperviseErrorCode

  constructor(code: SuperviseErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
