import type { CaseView } from '../files/case-view.ts'
import { searchCases } from '../view/search-cases.ts'
import type { DeskState } from './state.ts'
import { textOf } from './text-buffer.ts'

/** The views that pass the filters and the search. */
export function chooseVisible(
  state: Pick<DeskState, 'views' | 'tier' | 'status' | 'search'>,
): CaseView[] {
  return searchCases(state.views, textOf(state.search)).filter(
    (view) =>
      (state.tier === null || view.triage.tier === state.tier) &&
      (state.status === null || view.state.status === state.status),
  )
}

export function placeOf({ tip }: CaseView): string {
  const place = tip?.event?.held_where ?? tip?.event?.where_taken
  return [place?.text ?? place?.admin, place?.country]
    .filter((part) => typeof part === 'string')
    .join(', ')
}

/** Time left to act: `3 d`, `today`, `2 over`; `over` if the day passed long ago. */
export function leftText({ triage: { actBy } }: CaseView): string {
  if (actBy === null) return '-'
  if (actBy.leftDays === 0) return 'today'
  if (actBy.leftDays > 0) return actBy.leftDays > 999 ? '999+d' : `${actBy.leftDays} d`
  return actBy.leftDays < -99 ? 'over' : `${-actBy.leftDays} over`
}

/** Time left until somebody must have read the case: `LATE 3 d`, `in 2 h`; `-` once it is read. */
export function dueText(view: CaseView, now: number): string {
  if (view.state.readAt !== null) return '-'
  const hours = (Date.parse(view.triage.dueAt) - now) / 3_600_000
  if (Number.isNaN(hours)) return '-'
  const size = Math.abs(hours)
  const span =
    size < 1
      ? `${Math.floor(size * 60)} m`
      : size < 48
        ? `${Math.floor(size)} h`
        : size < 99 * 24
          ? `${Math.floor(size / 24)} d`
          : '99+d'
  return hours < 0 ? `LATE ${span}` : `in ${span}`
}

export function peopleText({ peopleCount: { min, max } }: CaseView): string {
  return min === max ? String(min) : `${min}-${max}`
}
