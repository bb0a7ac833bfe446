import type { CaseView } from '../files/case-view.ts'
import { Union } from '../people/union.ts'

/**
 * Groups the tips of a casebook into cases: tips that an analyst linked as duplicates, tips whose
 * persons have the same `person_id`, and tips of one conversation. What one tip allows, another may
 * forbid.
 * @returns a function that gives the other tips of a tip's case.
 */
export function othersOfCase(views: readonly CaseView[]): (view: CaseView) => readonly CaseView[] {
  const union = new Union()
  const known = new Set(views.map(({ receipt }) => receipt))
  for (const { receipt, state, persons, conversation } of views) {
    for (const { to, as } of state.links)
      if (as === 'duplicate' && known.has(to)) union.join(receipt, to)
    for (const { personId } of persons) if (personId !== null) union.join(receipt, `=${personId}`)
    for (const tip of conversation?.tips ?? []) union.join(receipt, tip.receipt)
  }
  const cases = Map.groupBy(views, ({ receipt }) => union.find(receipt))
  return ({ receipt }) =>
    (cases.get(union.find(receipt)) ?? []).filter((other) => other.receipt !== receipt)
}
