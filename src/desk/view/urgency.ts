import { staleDays } from '../triage/act-by.ts'
import type { CaseView } from '../files/case-view.ts'

/** Sorts after every day. */
const never = '~'

/**
 * The order of every list, with the most pressing case first: by tier, overdue reading, the day to
 * act by, the time by which somebody must read the case, and age.
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

/**
 * The day to act by. A window that ended long ago does not count, because it says nothing about
 * today.
 */
function dayToAct({ triage: { actBy } }: CaseView): string {
  if (actBy === null || (actBy.why === 'window' && actBy.leftDays < -staleDays)) return never
  return actBy.day
}

/** Compares by code unit, which gives the same order on every machine. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
