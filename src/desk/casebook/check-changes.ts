import type { CaseFile, Change } from '../files/case-file.ts'
import { refuseUnknownPerson } from './check-set.ts'
import { effectiveTip } from './corrections.ts'
import { CasebookError } from '../files/errors.ts'
import { readTipFile } from '../files/read-tip-file.ts'
import { fieldKind, isOwnValue, ownFields, ownRules } from './own-fields.ts'
import { changeProblem } from './read-case.ts'
import { schemaAt } from './schema-path.ts'
import { stateOf } from './state.ts'

/**
 * Refuses a change that no case could take.
 * @throws CasebookError `CHANGE_INVALID`, `FIELD_UNKNOWN`, `VALUE_INVALID`.
 */
export function refuseUnfit(change: Change): void {
  const problem = changeProblem(change)
  if (problem !== null) throw new CasebookError('CHANGE_INVALID', problem)
  if (change.kind !== 'set') return
  const kind = fieldKind(change.field)
  if (kind.of === 'tip') return void schemaAt(change.field)
  if (change.value === null || isOwnValue(change.field, change.value)) return
  throw new CasebookError('VALUE_INVALID', `${change.field} must be ${ownRules[kind.field].wants}`)
}

/**
 * Refuses changes that do not fit this case. Corrections are checked together, because one may
 * depend on another that is being taken back.
 * @throws CasebookError `CHANGE_INVALID`, `FIELD_UNKNOWN`, `CORRECTION_REFUSED`.
 */
export async function refuseUnfitTogether(
  casebook: string,
  file: CaseFile,
  added: readonly Change[],
): Promise<void> {
  if (added.some((change) => change.kind === 'link' && change.to === file.receipt)) {
    throw new CasebookError('CHANGE_INVALID', 'a case is not linked to itself')
  }
  const fields = added
    .filter((change) => change.kind === 'set')
    .filter(({ field }) => !ownFields.some((own) => own === field))
  if (fields.length === 0) return
  const { tip } = await readTipFile(casebook, file.receipt)
  const corrected = effectiveTip(tip, stateOf(file.changes).corrections)
  for (const { field, value } of fields) {
    const kind = fieldKind(field)
    if ((kind.of === 'person' || kind.of === 'form') && kind.index !== null && value !== null)
      refuseUnknownPerson(corrected, kind.index)
  }
}
