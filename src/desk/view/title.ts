import type { DetentionTip } from '../../tip/schema.ts'
import type { CaseState, PersonView } from '../files/case-view.ts'
import { printable } from '../text/printable.ts'

const maxTitleCharacters = 80
const shownNames = 2

/**
 * Title of a case for lists: the analyst's title, otherwise names and the number of further people,
 * otherwise the beginning of the narrative. One printable line.
 */
export function titleOf(
  tip: DetentionTip | null,
  state: Pick<CaseState, 'title'>,
  persons: readonly PersonView[],
  people: { min: number; max: number },
): string {
  const own = printable(state.title ?? '', { maxCharacters: maxTitleCharacters })
  if (own !== '') return own
  const named = persons.filter(({ person }) => (person.names ?? []).length > 0)
  const names = named
    .slice(0, shownNames)
    .map(({ displayName }) => printable(displayName, { maxCharacters: 30 }))
    .filter((name) => name !== '')
  if (names.length > 0) return `${names.join(', ')}${othersOf(people, names.length)}`
  if (tip === null) return 'no tip to read'
  return printable(tip.narrative, { maxCharacters: maxTitleCharacters }) || 'nothing readable'
}

function othersOf({ min, max }: { min: number; max: number }, named: number): string {
  if (max <= named) return ''
  const least = Math.max(0, min - named)
  return least === max - named ? ` + ${least}` : ` + ${least}-${max - named}`
}
