import type { Place } from '../../tip/event.ts'
import type { CaseView } from '../files/case-view.ts'
import { allPlaceNames, gazetteerPlaceOf } from '../places/find-place.ts'

/** The texts in which a search looks for a case, each folded. */
export interface SearchText {
  readonly title: string
  readonly names: string
  readonly places: string
  readonly narrative: string
  readonly notes: string
}

/**
 * Composes the characters of a text, lower-cases it, and removes invisible characters. Apply this
 * to both the text and the query.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
}

export function searchTextOf(view: CaseView): SearchText {
  const { tip, original, state } = view
  const places = [
    tip?.event?.where_taken,
    tip?.event?.held_where,
    ...(tip?.event?.transfers ?? []).flatMap(({ from, to }) => [from, to]),
  ]
  return {
    title: joined([view.receipt, view.title, state.group, state.assigned]),
    names: joined(
      (tip?.persons ?? []).flatMap(({ names }) => (names ?? []).map(({ text }) => text)),
    ),
    places: joined([
      ...places.flatMap((place) => [place?.text, place?.admin, ...otherNamesOf(place)]),
      tip?.event?.authority_text,
    ]),
    narrative: joined([
      original?.narrative,
      state.corrections.has('narrative') ? tip?.narrative : null,
      tip?.event?.when_text,
    ]),
    notes: joined([
      ...state.notes.map(({ text }) => text),
      ...state.contacts.map(({ text }) => text),
    ]),
  }
}

/** All names of a place, so that a search for 沈阳 finds a tip that says 선양. */
function otherNamesOf(place: Place | null | undefined): string[] {
  const known = gazetteerPlaceOf(place)
  return known === null ? [] : allPlaceNames(known)
}

function joined(texts: ReadonlyArray<string | null | undefined>): string {
  return texts
    .filter((text) => typeof text === 'string' && text !== '')
    .map((text) => foldForSearch(text as string))
    .join('\n')
}
