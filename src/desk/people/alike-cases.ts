import type { CaseView } from '../files/case-view.ts'
import type { DuplicateCandidate } from './duplicates.ts'

/** More would crowd a card; the page of persons has all of them. */
const maxAlike = 3

/**
 * The views with the cases that perhaps tell of the same persons, the likeliest first. Cases that
 * an analyst has linked are left out: somebody has looked at them.
 */
export function withAlikeCases(
  views: readonly CaseView[],
  candidates: readonly DuplicateCandidate[],
): CaseView[] {
  const byReceipt = new Map(views.map((view) => [view.receipt, view]))
  const alike = new Map<string, Set<string>>()
  for (const { a, b } of candidates) {
    const [one, other] = [byReceipt.get(receiptOf(a)), byReceipt.get(receiptOf(b))]
    if (one === undefined || other === undefined || one === other || isLinked(one, other)) continue
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      alike.set(from.receipt, (alike.get(from.receipt) ?? new Set()).add(to.id))
  }
  return views.map((view) => {
    const ids = alike.get(view.receipt)
    return ids === undefined ? view : { ...view, alike: [...ids].slice(0, maxAlike) }
  })
}

export const receiptOf = (key: string): string => key.slice(0, key.indexOf('#'))

function isLinked(one: CaseView, other: CaseView): boolean {
  return (
    one.state.links.some(({ to }) => to === other.receipt) ||
    other.state.links.some(({ to }) => to === one.receipt)
  )
}
