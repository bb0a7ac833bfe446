import { createHash } from 'node:crypto'
import type { CaseView } from '../files/case-view.ts'
import type { TipText } from './tip-texts.ts'
import { textsOf } from './tip-texts.ts'

/**
 * Where a value comes from. `source`: the source wrote it. `derived`: a program made it from free
 * text. `confirmed`: one of these two, and an analyst confirmed exactly this value. `analyst`: an
 * analyst wrote it in other words.
 */
export type Provenance = 'source' | 'derived' | 'confirmed' | 'analyst'

export const mayLeave = (provenance: Provenance): boolean =>
  provenance === 'confirmed' || provenance === 'analyst'

/**
 * Identifies what was confirmed: this text, in this field, in a case of these tips. Another text,
 * another position, a follow-up or a merge changes the digest.
 */
export function confirmationDigest(
  { receipt }: Pick<CaseView, 'receipt'>,
  others: readonly Pick<CaseView, 'receipt'>[],
  { path, text }: TipText,
): string {
  const tips = [receipt, ...others.map((other) => other.receipt)].sort()
  return createHash('sha256')
    .update(`tumen-confirm/1\n${JSON.stringify([path, text, tips])}`)
    .digest('hex')
}

/** Returns a function that says where a text of the tip, with its corrections, comes from. */
export function provenanceIn(
  view: CaseView,
  others: readonly CaseView[],
): (found: TipText) => Provenance {
  const corrected = [...view.state.corrections.keys()]
  const told = new Set(
    [view, ...others].flatMap(({ original }) => textsOf(original).map(({ text }) => plain(text))),
  )
  return (found) => {
    const confirmed = view.state.confirmations.get(found.path)?.sha256
    if (confirmed === confirmationDigest(view, others, found)) return 'confirmed'
    const isTyped =
      view.state.formAnswers.has(found.path) ||
      corrected.some((path) => found.path === path || found.path.startsWith(`${path}.`))
    // A wording of the source remains the source's when an analyst retypes or moves it.
    return isTyped && !told.has(plain(found.text)) ? 'analyst' : 'source'
  }
}

/** A text in normal form: texts that differ only in spacing or case are the same wording. */
export function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}
