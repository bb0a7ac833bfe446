import type { Day } from '../../time/day.ts'
import { daysBetween } from '../../time/day.ts'
import type { ActBy } from '../files/case-view.ts'

/** An estimated day that passed longer ago than this says nothing about today. */
export const staleDays = 7

/** Days that may limit the time to act; each is null when unknown. */
export interface ActByCandidates {
  today: Day
  /** The earliest day on which the source expects a return. */
  expected: Day | null
  /** The day on which the return window ends. */
  windowEnds: Day | null
  /** The day set by the analyst. */
  deadline: Day | null
}

/**
 * The earliest of the expected return, the end of the window and the analyst's deadline. An
 * estimate that has passed must not hide a day in the future. So the past end of a window is
 * ignored if the source expects a return today or later, and an expected return or end of a window
 * that passed more than a week ago is ignored if there is any other day.
 */
export function actByOf({ today, expected, windowEnds, deadline }: ActByCandidates): ActBy | null {
  const all = [
    { day: expected, why: 'expected' as const },
    { day: windowEnds, why: 'window' as const },
    { day: deadline, why: 'deadline' as const },
  ].flatMap(({ day, why }) =>
    day === null ? [] : [{ day, why, leftDays: daysBetween(today, day) }],
  )
  const isExpectedAhead = all.some(({ why, leftDays }) => why === 'expected' && leftDays >= 0)
  const current = all.filter(
    ({ why, leftDays }) =>
      why === 'deadline' ||
      (leftDays >= -staleDays && !(why === 'window' && leftDays < 0 && isExpectedAhead)),
  )
  const [earliest = null] = (current.length > 0 ? current : all).sort(
    (one, other) => one.leftDays - other.leftDays,
  )
  return earliest
}

const reasons: Readonly<Record<ActBy['why'], string>> = {
  expected: 'return expected',
  window: 'return window ends',
  deadline: 'own deadline',
}

/** The reason for the day, in words for cards, lists and the terminal. */
export function actByReason({ why }: Pick<ActBy, 'why'>): string {
  return reasons[why]
}
