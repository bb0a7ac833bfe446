import { daysBetween } from '../../time/day.ts'
import type { CaseView } from '../files/case-view.ts'
import { printable } from '../text/printable.ts'
import { Union } from './union.ts'

/** Cases of one event, or of people detained together. */
export interface Group {
  name: string
  /** Sorted; at least two. */
  receipts: string[]
  /** True for a suggestion of the program, false for a decision of an analyst. */
  suggested: boolean
  why: string[]
}

/** Two reports of one raid may differ by a day or two. */
const sameEventDays = 2

/** The groups made by analysts, followed by suggestions that no analyst's group contains. */
export function findGroups(views: readonly CaseView[]): Group[] {
  const decided = decidedGroups(views)
  const grouped = new Map(
    decided.flatMap((group, index) => group.receipts.map((receipt) => [receipt, index] as const)),
  )
  const suggested = suggestedGroups(views).filter(({ receipts }) => {
    const groups = receipts.map((receipt) => grouped.get(receipt))
    return groups.some((group) => group === undefined || group !== groups[0])
  })
  return [...decided, ...suggested]
}

function decidedGroups(views: readonly CaseView[]): Group[] {
  const union = new Union()
  const known = new Set(views.map(({ receipt }) => receipt))
  for (const { receipt, state } of views) {
    if (state.group !== null) union.join(receipt, `=${state.group}`)
    for (const link of state.links)
      if (link.as !== 'related' && known.has(link.to)) union.join(receipt, link.to)
  }
  return groupsOf(views, (view) => union.find(view.receipt)).map((members) => {
    const name = members.map(({ state }) => state.group).find((group) => group !== null)
    const isLinked = members.some(({ state }) => state.links.length > 0)
    return groupOf(
      members,
      false,
      [
        ...(name === undefined ? [] : ['an analyst gave them one name']),
        ...(isLinked ? ['an analyst linked them'] : []),
      ],
      name,
    )
  })
}

function suggestedGroups(views: readonly CaseView[]): Group[] {
  const union = new Union()
  const places = Map.groupBy(
    views.filter(({ detained }) => detained?.earliest && detained.latest),
    placeOf,
  )
  for (const [place, members] of places) {
    if (place === '') continue
    const sorted = members.toSorted((one, other) =>
      (one.detained?.earliest ?? '').localeCompare(other.detained?.earliest ?? ''),
    )
    for (const [index, view] of sorted.entries()) {
      const next = sorted[index + 1]
      if (next !== undefined && isSameTime(view, next)) union.join(view.receipt, next.receipt)
    }
  }
  return groupsOf(views, (view) => union.find(view.receipt)).map((members) => {
    const day = members[0]?.detained?.earliest ?? ''
    return groupOf(members, true, [
      `taken at one place, ${placeOf(members[0] as CaseView)}, around ${day}`,
    ])
  })
}

/**
 * Whether both dates are exact and close together. An interval of a year would match everything.
 */
function isSameTime({ detained: one }: CaseView, { detained: other }: CaseView): boolean {
  if (!one?.earliest || !one.latest || !other?.earliest || !other.latest) return false
  const isNarrow =
    daysBetween(one.earliest, one.latest) <= sameEventDays &&
    daysBetween(other.earliest, other.latest) <= sameEventDays
  return isNarrow && daysBetween(one.latest, other.earliest) <= sameEventDays
}

function placeOf({ tip }: CaseView): string {
  const place = tip?.event?.where_taken
  return printable((place?.admin ?? place?.text ?? '').normalize('NFKC')).toLowerCase()
}

function groupsOf(views: readonly CaseView[], setOf: (view: CaseView) => string): CaseView[][] {
  return [...Map.groupBy(views, setOf).values()].filter((members) => members.length > 1)
}

function groupOf(
  members: readonly CaseView[],
  suggested: boolean,
  why: string[],
  name?: string,
): Group {
  const receipts = members.map(({ receipt }) => receipt).sort()
  return {
    name: name ?? members.map(({ title }) => title).sort()[0] ?? '',
    receipts,
    suggested,
    why,
  }
}
