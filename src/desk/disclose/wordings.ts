import type { CaseView } from '../files/case-view.ts'
import { discloseFields } from './disclose-fields.ts'
import { nameOf } from './files.ts'
import type { Provenance } from './provenance.ts'
import { confirmationDigest, provenanceIn } from './provenance.ts'
import type { TipText } from './tip-texts.ts'
import { mapTexts, textsOf } from './tip-texts.ts'

/** A text of a case that some report would contain if it may leave. */
export interface Wording extends TipText {
  provenance: Provenance
}

/**
 * All texts of a case that a report for some recipient would use. An analyst reads them before
 * confirming. Texts that never leave, such as the source's contact, are not included.
 */
export function wordingsOf(view: CaseView, others: readonly CaseView[]): Wording[] {
  if (view.tip === null) return []
  const used = usedPaths(view, view.tip)
  const provenance = provenanceIn(view, others)
  const answers = [...view.state.formAnswers].map(([path, text]) => ({ path, text }))
  return [...textsOf(view.tip), ...answers]
    .filter(({ path }) => used.has(path))
    .map((found) => ({ ...found, provenance: provenance(found) }))
}

/** The change that confirms a wording with its current text. */
export function confirmDraft(view: CaseView, others: readonly CaseView[], found: TipText) {
  const sha256 = confirmationDigest(view, others, found)
  return { kind: 'confirm' as const, field: found.path, sha256 }
}

/**
 * The paths that the most trusted recipient gets at the highest level: other paths are used
 * nowhere.
 */
function usedPaths(view: CaseView, tip: NonNullable<CaseView['tip']>): Set<string> {
  const marked = mapTexts(tip, ({ path }) => path)
  const answers = new Map([...view.state.formAnswers.keys()].map((path) => [path, path]))
  const paths = stringsIn(discloseFields(view, marked, 'un', 'named_photo', answers))
  const names = new Set(view.opened.attachments.map(nameOf))
  const files = (tip.attachments ?? []).flatMap(({ name }, index) =>
    names.has(name) ? [`attachments.${index}.name`, `attachments.${index}.media_type`] : [],
  )
  return new Set([...paths, ...files])
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
