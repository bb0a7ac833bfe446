import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { tiers } from '../files/case-file.ts'
import type { Tier } from '../files/case-file.ts'
import type { CaseView } from '../files/case-view.ts'
import { isWholeOnBoard, ofTier, openCases, tierTitle } from './board.ts'
import { cardList } from './card.ts'
import type { SitePage } from './page.ts'
import { rootOf, tierPagePath } from './page.ts'

const cardsOnPage = 200

/** Pages with all cards of each tier that has too many for the board. */
export function tierPages(views: readonly CaseView[]): SitePage[] {
  const open = openCases(views)
  return tiers.flatMap((tier) => {
    const all = ofTier(open, tier)
    if (isWholeOnBoard(tier, all.length)) return []
    return Array.from({ length: Math.ceil(all.length / cardsOnPage) }, (_, index) =>
      tierPage(tier, all, index),
    )
  })
}

function tierPage(tier: Tier, all: readonly CaseView[], index: number): SitePage {
  const path = tierPagePath(tier, index)
  const ways = h(
    'p',
    { class: 'ways' },
    index === 0
      ? null
      : h('a', { href: rootOf(path) + tierPagePath(tier, index - 1) }, 'More urgent'),
    h(
      'span',
      { class: 'meta' },
      `${(index * cardsOnPage + 1).toLocaleString('en')} to ${Math.min(all.length, (index + 1) * cardsOnPage).toLocaleString('en')} of ${all.length.toLocaleString('en')}`,
    ),
    (index + 1) * cardsOnPage >= all.length
      ? null
      : h('a', { href: rootOf(path) + tierPagePath(tier, index + 1) }, 'Less urgent'),
  )
  const children: ComponentChild[] = [
    h('h1', null, tierTitle(tier, all.length)),
    ways,
    h('h2', { class: 'hidden' }, 'Cases'),
    cardList(all.slice(index * cardsOnPage, (index + 1) * cardsOnPage), path),
    ways,
  ]
  return { path, title: `Tier ${tier}`, children }
}
