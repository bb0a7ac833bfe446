import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { tiers } from '../files/case-file.ts'
import type { Tier } from '../files/case-file.ts'
import { tierRules } from '../triage/tiers.ts'
import type { CaseView } from '../files/case-view.ts'
import { byUrgency } from '../view/urgency.ts'
import { card, cardList } from './card.ts'
import { count } from '../../text/count.ts'
import { rootOf, tierPagePath } from './page.ts'
import { rules } from './tier-rules.ts'

/** Cards that a reader can take in; tiers with more cases have pages of their own for the rest. */
const cardsOnBoard: Readonly<Record<Tier, number>> = { 0: 48, 1: 24, 2: 12, 3: 6 }

/** The deadline board: all open cases by tier, the most urgent first. */
export function board(views: readonly CaseView[], path: string): ComponentChild[] {
  const open = openCases(views)
  const closed = views.length - open.length
  return [
    h('h1', null, 'Deadline board'),
    h(
      'div',
      { class: 'top' },
      first(open, path),
      h(
        'ul',
        { class: 'tiles' },
        tiers.map((tier) => tile(tier, ofTier(open, tier))),
      ),
    ),
    ...tiers.map((tier) => tierSection(tier, ofTier(open, tier), path)),
    h(
      'p',
      null,
      closed === 0
        ? null
        : [
            `${count(closed, 'closed case')}: at the end of `,
            h('a', { href: `${rootOf(path)}site/list.html` }, 'all cases'),
            '.',
          ],
    ),
    rules(),
  ]
}

export function openCases(views: readonly CaseView[]): CaseView[] {
  return views.filter(({ state }) => state.status !== 'closed').toSorted(byUrgency)
}

export function ofTier(open: readonly CaseView[], tier: Tier): CaseView[] {
  return open.filter((view) => view.triage.tier === tier)
}

/** The first case in board order that nobody has read, else the first that nobody is working on. */
export function nextCase(open: readonly CaseView[]): CaseView | undefined {
  return (
    open.find(({ triage }) => triage.isOverdue) ??
    open.find(({ state }) => state.status === 'new') ??
    open.find(({ state }) => state.status === 'read') ??
    open[0]
  )
}

function first(open: readonly CaseView[], path: string): ComponentChild {
  const next = nextCase(open)
  if (next === undefined)
    return h('p', { class: 'lead' }, 'No open case. New ones come with tumen open.')
  const late = open.filter(({ triage }) => triage.isOverdue).length
  const todo =
    next.state.status === 'new'
      ? 'Read this first'
      : next.state.status === 'read'
        ? 'Act on this first'
        : 'Look at this first'
  const unread = open.filter(({ state }) => state.status === 'new').length
  return h(
    'section',
    { class: `next t${next.triage.tier}` },
    h('p', { class: 'todo' }, todo),
    h('div', null, card(next, path, 'h2')),
    h(
      'p',
      { class: 'meta' },
      `${count(open.length, 'open case')}, ${unread.toLocaleString('en')} unread`,
      late === 0
        ? null
        : [', ', h('strong', { class: 'late' }, `${late.toLocaleString('en')} overdue`)],
      '.',
    ),
  )
}

function tile(tier: Tier, views: readonly CaseView[]): ComponentChild {
  const late = views.filter(({ triage }) => triage.isOverdue).length
  return h(
    'li',
    { class: `tile t${tier}` },
    h(
      'a',
      { href: `#tier-${tier}` },
      h('span', { class: 'figure' }, views.length.toLocaleString('en')),
      ' ',
      h('span', null, `Tier ${tier}`, h('br', null), tierRules[tier].priority.toLowerCase()),
    ),
    h(
      'span',
      { class: late > 0 ? 'late' : 'meta' },
      late > 0 ? `${late.toLocaleString('en')} overdue` : 'none overdue',
    ),
  )
}

function tierSection(tier: Tier, views: readonly CaseView[], path: string): ComponentChild {
  const shown = views.slice(0, cardsOnBoard[tier])
  const rest = views.length - shown.length
  return h(
    'section',
    { id: `tier-${tier}` },
    h('h2', null, tierTitle(tier, views.length)),
    views.length === 0 ? h('p', { class: 'meta' }, 'None.') : cardList(shown, path),
    rest === 0
      ? null
      : h(
          'p',
          null,
          h(
            'a',
            { href: rootOf(path) + tierPagePath(tier, 0) },
            `${rest.toLocaleString('en')} more in tier ${tier}: all ${views.length.toLocaleString('en')}`,
          ),
        ),
  )
}

export function tierTitle(tier: Tier, cases: number): string {
  const { hours, priority } = tierRules[tier]
  const within = hours < 48 ? `${hours} hours` : `${hours / 24} days`
  return `Tier ${tier}: ${priority.toLowerCase()}, to be read within ${within} (${cases.toLocaleString('en')})`
}

export function isWholeOnBoard(tier: Tier, cases: number): boolean {
  return cases <= cardsOnBoard[tier]
}
