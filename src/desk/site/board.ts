import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { tiers } from '../casebook/case-file.ts'
import type { Tier } from '../casebook/case-file.ts'
import { tierRules } from '../triage/tiers.ts'
import type { CaseView } from '../view/case-view.ts'
import { minuteOf, said, words } from './said.ts'
import { sheetHref } from './page.ts'

const longOverDays = -7

/** More urgent, less time left, earlier due: what to do first stands first. */
export function byUrgency(one: CaseView, other: CaseView): number {
  // A window that is long over says nothing about today.
  const left = ({ triage: { window } }: CaseView) => (window === null || window.leftDays < longOverDays ? Infinity : window.leftDays)
  return one.triage.tier - other.triage.tier || compare(left(one), left(other)) || compare(one.triage.dueAt, other.triage.dueAt) || compare(one.receipt, other.receipt)
}

function compare<Value extends string | number>(one: Value, other: Value): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** The deadline board. */
export function board(views: readonly CaseView[], path: string): ComponentChild[] {
  const open = views.filter(({ state }) => state.status !== 'closed').toSorted(byUrgency)
  const closed = views.filter(({ state }) => state.status === 'closed').toSorted(byUrgency)
  return [
    h('h1', null, 'Deadline board'),
    h('p', { class: 'lead' }, firstThing(open)),
    ...tiers.map((tier) => tierSection(tier, open.filter((view) => view.triage.tier === tier), path)),
    closed.length === 0 ? null : h('details', null, h('summary', null, `${closed.length} closed`), cardList(closed, path)),
  ]
}

function firstThing(open: readonly CaseView[]): ComponentChild {
  const unread = open.filter(({ state }) => state.status === 'new')
  const late = unread.filter(({ triage }) => triage.isOverdue)
  if (open.length === 0) return 'No open case.'
  if (late.length > 0) return h('strong', { class: 'late' }, `${late.length} unread ${late.length === 1 ? 'case is' : 'cases are'} overdue: read ${late.length === 1 ? 'it' : 'them'} first.`)
  return `${open.length} open, ${unread.length} unread. Begin at the top.`
}

function tierSection(tier: Tier, views: readonly CaseView[], path: string): ComponentChild {
  const { hours, priority } = tierRules[tier]
  const within = hours < 48 ? `${hours} hours` : `${hours / 24} days`
  return h('section', null,
    h('h2', null, `Tier ${tier}: ${priority.toLowerCase()}, to be read within ${within} (${views.length})`),
    views.length === 0 ? h('p', { class: 'meta' }, 'None.') : cardList(views, path))
}

function cardList(views: readonly CaseView[], path: string): ComponentChild {
  return h('ul', { class: 'cards' }, views.map((view) => h('li', { class: `card t${view.triage.tier}` }, card(view, path))))
}

function card(view: CaseView, path: string): ComponentChild {
  const { triage, state, tip, peopleCount } = view
  const isMinor = view.persons.some(({ minor }) => minor === 'yes')
  return h('div', null,
    h('h3', null, h('a', { href: sheetHref(path, view.id) }, said(view.title))),
    h('p', { class: 'meta' }, `${view.id} · ${people(peopleCount)} · ${words(state.status)}`),
    h('p', null,
      isMinor ? h('span', { class: 'mark' }, 'child') : null,
      h('span', { class: 'mark late', hidden: !triage.isOverdue, 'data-due': state.status === 'new' ? triage.dueAt : undefined }, 'overdue'),
      triage.window === null ? null : [`${triage.window.days}-day window to ${triage.window.endsOn}: `, h('span', { class: 'big', 'data-ends': triage.window.endsOn }, daysLeft(triage.window.leftDays))]),
    h('p', { class: 'meta' }, [placeText(view), (tip?.event?.authority ?? []).map(words).join(', ')].filter(Boolean).map((text, index) => [index > 0 ? ' · ' : '', said(text)])),
    h('ul', null, triage.reasons.map(({ text }) => h('li', null, said(text)))),
    state.status === 'new' ? h('p', { class: 'meta' }, `read by ${minuteOf(triage.dueAt)}`) : null)
}

export function daysLeft(days: number): string {
  if (days < 0) return days === -1 ? 'over since yesterday' : `over for ${-days} days`
  return days === 1 ? '1 day left' : `${days} days left`
}

export function people({ min, max }: CaseView['peopleCount']): string {
  if (min === max) return min === 1 ? '1 person' : `${min} people`
  return `${min} to ${max} people`
}

export function placeText({ tip }: CaseView): string {
  const place = tip?.event?.where_taken
  return [place?.text, place?.admin, place?.country].filter(Boolean).join(', ')
}
