import { daysAfterEnd } from '../triage/triage.ts'
import type { CaseView } from '../files/case-view.ts'

/** After every day there is. */
const never = '~'

/**
 * What to do first stands first: tier, nobody has looked in time, the day to act by, to be looked
 * at by, the older one.
 */
export function byUrgency(one: CaseView, other: CaseView): number {
  return (
    one.triage.tier - other.triage.tier ||
    Number(other.triage.isOverdue) - Number(one.triage.isOverdue) ||
    compareText(dayToAct(one), dayToAct(other)) ||
    compareText(one.triage.dueAt, other.triage.dueAt) ||
    compareText(one.opened.opened_at, other.opened.opened_at) ||
    compareText(one.receipt, other.receipt)
  )
}

/** When the window ends or the analyst's own deadline comes, whichever is first. */
function dayToAct({ triage: { window }, state: { deadline } }: CaseView): string {
  // A window that is longer over says nothing about today.
  const ends = window === null || window.leftDays < -daysAfterEnd ? never : window.endsOn
  return deadline !== null && deadline < ends ? deadline : ends
}

/** By code unit: the same everywhere. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
