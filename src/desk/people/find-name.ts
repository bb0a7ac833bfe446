import type { CaseView } from '../files/case-view.ts'
import { nameKeys } from './name-keys.ts'

/**
 * The keys by which a query finds a name in another spelling or script. Empty unless the query is a
 * surname with a given name: a single word would match too many people.
 */
export function keysOfQuery(query: string): string[] {
  return nameKeys(query).filter((key) => /^[^ =]\S* \S/u.test(key))
}

const keysOfViews = new WeakMap<CaseView, ReadonlySet<string>>()

/** Whether a person of the case has a name with one of the keys. */
export function hasNameLike(view: CaseView, keys: readonly string[]): boolean {
  if (keys.length === 0) return false
  const known = keysOfViews.get(view) ?? keysOf(view)
  keysOfViews.set(view, known)
  return keys.some((key) => known.has(key))
}

function keysOf({ persons }: CaseView): ReadonlySet<string> {
  const names = persons.flatMap(({ person }) => person.names ?? [])
  return new Set(names.flatMap(({ text }) => nameKeys(text)))
}
