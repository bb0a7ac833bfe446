import { CodedError } from '../../errors/coded-error.ts'

/**
 * `CASE_UNKNOWN`, `CASE_AMBIGUOUS`, `CASE_DAMAGED`, `CASE_NEWER`, `CASE_FULL`: problems with a case
 * or with the id typed for it. `FIELD_UNKNOWN`, `VALUE_INVALID`, `CORRECTION_REFUSED`,
 * `CHANGE_INVALID`: problems with a change. `NOT_A_CASEBOOK`, `FILE_DAMAGED`, `INDEX_INVALID`:
 * problems with the folder.
 */
export type CasebookErrorCode =
  | 'CASE_UNKNOWN'
  | 'CASE_AMBIGUOUS'
  | 'CASE_DAMAGED'
  | 'CASE_NEWER'
  | 'CASE_FULL'
  | 'FIELD_UNKNOWN'
  | 'VALUE_INVALID'
  | 'CORRECTION_REFUSED'
  | 'CHANGE_INVALID'
  | 'NOT_A_CASEBOOK'
  | 'FILE_DAMAGED'
  | 'INDEX_INVALID'

/** Messages name fields and say what to do, and never quote a tip. */
export class CasebookError extends CodedError<CasebookErrorCode> {
  override readonly name = 'CasebookError'
}
