import type { ChangeDraft } from '../casebook/append-changes.ts'
import { appendChanges } from '../casebook/append-changes.ts'
import type { Actor } from '../custody/record.ts'
import { newlyReachedTier } from '../triage/triage.ts'
import type { CaseView } from '../files/case-view.ts'

const maxReasons = 50

/** The change that notes the tier a case has newly reached, or none. */
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
 * Adds what an analyst does to a case they look at. The tier they saw it in is noted first: the
 * change may be what the tier came from (a case that nobody read has risen), and a case never sinks
 * by itself.
 * @throws as `appendChanges`.
 */
export async function changeCase(
  actor: Actor,
  view: CaseView,
  changes: readonly ChangeDraft[],
): Promise<void> {
  await appendChanges(actor, view.receipt, [...tierDrafts(view), ...changes])
}
