import type { CaseView } from '../files/case-view.ts'
import { hasNameLike, keysOfQuery } from '../people/find-name.ts'
import { allPlaceNames, gazetteerPlaceOf } from '../places/find-place.ts'
import { printableTyped } from './clean.ts'
import type { DeskState } from './state.ts'
import { textOf } from './text-buffer.ts'

/**
 * The views that pass the filters and the search. A view passes the search if every word is in the
 * case, or if a person's name matches in another spelling or script, as in `case list --search`.
 */
export function chooseVisible(
  state: Pick<DeskState, 'views' | 'tier' | 'status' | 'search'>,
): CaseView[] {
  const query = textOf(state.search)
  const keys = keysOfQuery(query)
  const words = foldText(query)
    .split(' ')
    .filter((word) => word !== '')
  return state.views.filter(
    (view) =>
      (state.tier === null || view.triage.tier === state.tier) &&
      (state.status === null || view.state.status === state.status) &&
      (words.every((word) => searchTextOf(view).includes(word)) || hasNameLike(view, keys)),
  )
}

export function foldText(text: string): string {
  return printableTyped(text).normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ')
}

const searchTexts = new WeakMap<CaseView, string>()

/** Title, names, places and narrative of a case, case-folded; cached for each view. */
export function searchTextOf(view: CaseView): string {
  const known = searchTexts.get(view)
  if (known !== undefined) return known
  const { tip, original } = view
  const names = (tip?.persons ?? []).flatMap(({ names: each }) =>
    (each ?? []).map(({ text }) => text),
  )
  const places = [tip?.event?.where_taken, tip?.event?.held_where].flatMap((place) => [
    place?.text,
    place?.admin,
    place?.country,
    ...allNamesOf(place),
  ])
  const words = [
    view.id,
    view.title,
    view.state.group,
    view.state.assigned,
    ...names,
    ...places,
    original?.narrative,
    tip?.narrative,
  ]
  const text = foldText(words.filter((word) => typeof word === 'string').join('\n'))
  searchTexts.set(view, text)
  return text
}

function allNamesOf(place: Parameters<typeof gazetteerPlaceOf>[0]): string[] {
  const known = gazetteerPlaceOf(place)
  return known === null ? [] : allPlaceNames(known)
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
