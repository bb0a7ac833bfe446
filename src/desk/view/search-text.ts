import type { CaseView } from '../files/case-view.ts'

/** What a case is found by, each folded. */
export interface SearchText {
  readonly title: string
  readonly names: string
  readonly places: string
  readonly narrative: string
  readonly notes: string
}

/**
 * Composed, lower case, without what is not seen: the same for what is looked in and for what is
 * looked for.
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
      ...places.flatMap((place) => [place?.text, place?.admin]),
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

function joined(texts: ReadonlyArray<string | null | undefined>): string {
  return texts
    .filter((text) => typeof text === 'string' && text !== '')
    .map((text) => foldForSearch(text as string))
    .join('\n')
}
