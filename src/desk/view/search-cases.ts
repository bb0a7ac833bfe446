import type { CaseView } from '../files/case-view.ts'
import { nameKeys } from '../people/name-keys.ts'
import { isFound, readQuery } from '../search/query.ts'
import { searchedOf } from './search-text.ts'

/** The cases that the desk's search finds, in their order. */
export function searchCases(views: readonly CaseView[], typed: string): CaseView[] {
  const query = readQuery(typed, nameKeys)
  return query.words.length === 0
    ? [...views]
    : views.filter((view) => isFound(query, searchedOf(view)))
}
