import { maxTipBytes } from '../../tip/bounds.ts'
import { TipError } from '../../tip/errors.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { parseTip } from '../../tip/tip-json.ts'
import type { CaseFile, Change } from '../files/case-file.ts'
import { refuseUnknownPerson } from './check-set.ts'
import { effectiveTip } from './corrections.ts'
import { CasebookError } from '../files/errors.ts'
import { tipLayoutOf } from '../files/layout.ts'
import { fieldKind, isOwnValue, ownFields, ownRules } from './own-fields.ts'
import { changeProblem } from './read-case.ts'
import { readCasebookFile } from '../files/read-file.ts'
import { schemaAt } from './schema-path.ts'
import { stateOf } from './state.ts'

/**
 * @throws CasebookError `CHANGE_INVALID`, `FIELD_UNKNOWN`, `VALUE_INVALID` for a change that fits
 * no case at all.
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
 * Corrections depend on one another: what is taken back may have been what another stood on.
 * @throws CasebookError `CHANGE_INVALID`, `FIELD_UNKNOWN`, `CORRECTION_REFUSED` for what does not
 * fit this case.
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
  const corrected = correctedTip(await readTip(casebook, file.receipt), file)
  for (const { field, value } of fields) {
    const kind = fieldKind(field)
    if (kind.of === 'person' && value !== null) refuseUnknownPerson(corrected, kind.index)
  }
}

function correctedTip(tip: DetentionTip | null, file: CaseFile): DetentionTip | null {
  const { corrections } = stateOf(file.changes)
  if (tip !== null) return effectiveTip(tip, corrections)
  if (corrections.size > 0)
    throw new CasebookError('CORRECTION_REFUSED', 'there is no tip.json to correct: write a note')
  return null
}

async function readTip(casebook: string, receipt: string): Promise<DetentionTip | null> {
  const bytes = await readCasebookFile(tipLayoutOf(casebook, receipt).tip, maxTipBytes)
  try {
    return bytes === null ? null : parseTip(bytes)
  } catch (error) {
    if (error instanceof TipError) return null
    throw error
  }
}
