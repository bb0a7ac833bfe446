import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Group } from '../people/groups.ts'
import type { CaseView } from '../view/case-view.ts'
import { people } from './board.ts'
import { sheetHref } from './page.ts'
import { said } from './said.ts'

export function groupsPage(views: readonly CaseView[], groups: readonly Group[], path: string): ComponentChild[] {
  const byReceipt = new Map(views.map((view) => [view.receipt, view]))
  const list = (title: string, some: readonly Group[], none: string) => [
    h('h2', null, `${title} (${some.length})`),
    some.length === 0 ? h('p', { class: 'meta' }, none) : some.map((group) => groupCard(group, byReceipt, path)),
  ]
  return [
    h('h1', null, 'Groups'),
    h('p', { class: 'meta' }, 'People taken together, and cases of one event. Put a case into a group: tumen case set CASE group NAME; or: tumen case link CASE OTHER --as same_event.'),
    ...list('By analysts', groups.filter(({ suggested }) => !suggested), 'None yet.'),
    ...list('Perhaps one event', groups.filter(({ suggested }) => suggested), 'None.'),
  ]
}

function groupCard({ name, receipts, why }: Group, byReceipt: ReadonlyMap<string, CaseView>, path: string): ComponentChild {
  const members = receipts.map((receipt) => byReceipt.get(receipt)).filter((view) => view !== undefined)
  return h('div', { class: 'card' }, h('h3', null, said(name)), h('p', { class: 'meta' }, said(why.join(', '))), h('ul', null, members.map((view) =>
    h('li', null, h('a', { href: sheetHref(path, view.id) }, said(view.title)), ` · ${people(view.peopleCount)} · ${view.tip?.event?.detained_when ?? 'no date'} · tier ${view.triage.tier}`))))
}
