import { wordingsOf, confirmDraft } from '../../../src/desk/disclose/wordings.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'

const stamp = { at: '2017-11-05T12:00:00Z', by: 'kim' }

/** The view after an analyst confirmed the wordings that `isChosen` selects; by default all. */
export function confirmed(
  view: CaseView,
  isChosen: (path: string) => boolean = () => true,
  others: readonly CaseView[] = [],
): CaseView {
  const confirmations = new Map(
    wordingsOf(view, others)
      .filter(({ path }) => isChosen(path))
      .map((found) => [found.path, { ...stamp, ...confirmDraft(view, others, found) }]),
  )
  return { ...view, state: { ...view.state, confirmations } }
}
