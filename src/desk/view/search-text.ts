import type { Place } from '../../tip/event.ts'
import type { CaseView } from '../files/case-view.ts'
import { nameKeys } from '../people/name-keys.ts'
import { allPlaceNames, gazetteerPlaceOf } from '../places/find-place.ts'
import { foldForSearch } from '../search/fold.ts'
import type { Searched } from '../search/query.ts'
import { tellingKeys } from '../search/query.ts'
import { authorityName, countryName } from '../text/code-words.ts'

/** The texts in which a search looks for a case, each folded. */
export interface SearchText {
  readonly title: string
  readonly names: string
  readonly places: string
  readonly narrative: string
  readonly notes: string
}

const searched = new WeakMap<CaseView, Searched>()

/** What the desk's search looks through in a case; cached for each view. */
export function searchedOf(view: CaseView): Searched {
  const known = searched.get(view)
  if (known !== undefined) return known
  const { title, names, places, notes, narrative } = searchTextOf(view)
  const made = {
    text: [title, names, places, notes, narrative].join('\n'),
    keys: nameKeysOf(view.persons),
  }
  searched.set(view, made)
  return made
}

/** The keys of the persons' names that tell people apart. */
export function nameKeysOf(persons: CaseView['persons']): string[] {
  const names = persons.flatMap(({ person }) => person.names ?? [])
  return [...new Set(names.flatMap(({ text }) => tellingKeys(nameKeys(text))))]
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
      ...places.map((place) => (place?.country ? countryName(place.country) : null)),
      tip?.event?.authority_text,
      ...(tip?.event?.authority ?? []).map(authorityName),
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
