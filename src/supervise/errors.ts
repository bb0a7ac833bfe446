import { CodedError } from '../errors/coded-error.ts'

export type SuperviseErrorCode =
  | 'ALREADY_RUNNING'
  | 'DATA_DIR_UNUSABLE'
  | 'DATA_DIR_REPLACED'
  | 'ADDRESS_TAKEN'
  | 'REDIS_MISSING'
  | 'PROCESS_REFUSED'
  | 'STOPPED'

export class SuperviseError extends CodedError<SuperviseErrorCode> {
  override readonly name = 'SuperviseError'
}
