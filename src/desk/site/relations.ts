import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { DuplicateCandidate } from '../people/duplicates.ts'
import type { CaseView } from '../files/case-view.ts'
import { receiptOf } from '../people/alike-cases.ts'
import { caseTitle } from './case-words.ts'
import { said, words } from './said.ts'

/** What the sheet of a case says about other cases. */
export interface Relations {
  caseOf: (receipt: string) => CaseView | undefined
  /**
   * Pairs of a person of this tip and one of another tip who may be the same, the likeliest first,
   * by receipt.
   */
  candidatesOf: (receipt: string) => readonly DuplicateCandidate[]
}

/** More candidates would crowd the sheet; the page of persons has all of them. */
const maxCandidates = 4

export function relationsOf(
  views: readonly CaseView[],
  candidates: readonly DuplicateCandidate[],
): Relations {
  const byReceipt = new Map(views.map((view) => [view.receipt, view]))
  const found = new Map<string, DuplicateCandidate[]>()
  for (const candidate of candidates) {
    const receipts = new Set([receiptOf(candidate.a), receiptOf(candidate.b)])
    for (const receipt of receipts) {
      const known = found.get(receipt)
      if (known === undefined) found.set(receipt, [candidate])
      else if (known.length < maxCandidates) known.push(candidate)
    }
  }
  return {
    caseOf: (receipt) => byReceipt.get(receipt),
    candidatesOf: (receipt) => found.get(receipt) ?? [],
  }
}

export function relatedCases(view: CaseView, { caseOf, candidatesOf }: Relations): ComponentChild {
  const links = view.state.links.map(({ to, as, reason }) =>
    h(
      'li',
      null,
      `${words(as)}: `,
      caseLink(caseOf(to), to),
      reason === undefined ? null : [' ', said(reason)],
    ),
  )
  const perhaps = candidatesOf(view.receipt).map(({ a, b, why }) => {
    const [own, other] = receiptOf(a) === view.receipt ? [a, b] : [b, a]
    const [one, another] = [personOf(view, own), personOf(caseOf(receiptOf(other)), other)]
    return h(
      'li',
      null,
      'perhaps the same: ',
      said(one),
      ' / ',
      said(another),
      ', ',
      caseLink(caseOf(receiptOf(other)), other),
      h('span', { class: 'meta' }, ` ${why.join(', ')}`),
    )
  })
  return links.length + perhaps.length === 0 ? null : h('ul', null, links, perhaps)
}

function caseLink(view: CaseView | undefined, receipt: string): ComponentChild {
  return view === undefined
    ? h('code', null, receipt.slice(0, 8))
    : // Cases that are perhaps the same often have the same title.
      [
        h('a', { href: `${view.id}.html` }, 'case ', caseTitle(view)),
        ' ',
        h('span', { class: 'id' }, view.id),
      ]
}

function personOf(view: CaseView | undefined, key: string): string {
  return view?.persons.find((person) => person.key === key)?.displayName ?? ''
}
