import { mandarinReader } from '../people/mandarin-readings.ts'
import { spellingKeys } from '../people/spelling-keys.ts'
export { foldForSearch } from '../search/fold.ts'
import type { Searched } from '../search/query.ts'
import { isFound, readQuery } from '../search/query.ts'

/** The desk's search for the casebook's pages: search-code.ts is the bundle of this file. */
export function makeSearch(
  mandarinTable: string,
  surnameTable: string,
): (typed: string) => (searched: Searched) => boolean {
  const reader = mandarinReader(mandarinTable, surnameTable)
  return (typed) => {
    const query = readQuery(typed, (text) => spellingKeys(text, reader))
    return (searched) => isFound(query, searched)
  }
}
