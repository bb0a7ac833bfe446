import type { ChangeDraft } from '../casebook/append-changes.ts'
import { appendChanges } from '../casebook/append-changes.ts'
import type { Actor } from '../custody/record.ts'
import { newlyReachedTier } from '../triage/triage.ts'
import type { CaseView } from '../files/case-view.ts'

const maxReasons = 50

/** The change that records the tier a case has newly reached, if any. */
export function tierDrafts(view: CaseView): ChangeDraft[] {
  const reached = newlyReachedTier(view)
  return reached === null
    ? []
    : [
        {
          kind: 'tier_reached',
          tier: reached.tier,
          reasons: [...new Set(reached.reasons)].slice(0, maxReasons),
        },
      ]
}

/**
 * Adds an analyst's changes to the case shown. The displayed tier is recorded first, because the
 * change may remove the cause of that tier (an unread case has become more urgent), and a case must
 * never become less urgent by itself.
 * @throws as `appendChanges`.
 */
export async function changeCase(
  actor: Actor,
  view: CaseView,
  changes: readonly ChangeDraft[],
): Promise<void> {
  await appendChanges(actor, view.receipt, [...tierDrafts(view), ...changes])
}
