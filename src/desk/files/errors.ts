import { CodedError } from '../../errors/coded-error.ts'

/**
 * `CASE_UNKNOWN`, `CASE_AMBIGUOUS`, `CASE_DAMAGED`, `CASE_FULL`: which case, and in what state it
 * is. `FIELD_UNKNOWN`, `VALUE_INVALID`, `CORRECTION_REFUSED`, `CHANGE_INVALID`: what was to be
 * changed. `NOT_A_CASEBOOK`, `FILE_DAMAGED`, `INDEX_INVALID`: the folder.
 */
export type CasebookErrorCode =
  | 'CASE_UNKNOWN'
  | 'CASE_AMBIGUOUS'
  | 'CASE_DAMAGED'
  | 'CASE_FULL'
  | 'FIELD_UNKNOWN'
  | 'VALUE_INVALID'
  | 'CORRECTION_REFUSED'
  | 'CHANGE_INVALID'
  | 'NOT_A_CASEBOOK'
  | 'FILE_DAMAGED'
  | 'INDEX_INVALID'

/** Messages name fields and the way out, and never quote what a tip says. */
export class CasebookError extends CodedError<CasebookErrorCode> {
  override readonly name = 'CasebookError'
}
