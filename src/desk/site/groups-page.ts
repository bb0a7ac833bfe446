import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Group } from '../people/groups.ts'
import type { CaseView } from '../files/case-view.ts'
import { byUrgency } from '../view/urgency.ts'
import { caseTitle, people } from './case-words.ts'
import { count } from '../../text/count.ts'
import { sheetHref } from './page.ts'
import { said } from './said.ts'
import { whenInWords } from './when.ts'

/** Groups of one event with more cases than this are folded. */
const maxOpenMembers = 12

export function groupsPage(
  views: readonly CaseView[],
  groups: readonly Group[],
  path: string,
): ComponentChild[] {
  const byReceipt = new Map(views.map((view) => [view.receipt, view]))
  const list = (title: string, some: readonly Group[], none: string) => [
    h('h2', null, `${title} (${some.length.toLocaleString('en')})`),
    some.length === 0
      ? h('p', { class: 'meta' }, none)
      : some.map((group) => groupCard(group, byReceipt, path)),
  ]
  return [
    h('h1', null, 'Groups'),
    h(
      'p',
      { class: 'meta' },
      'People taken together, and cases that tell of one event. Put a case into a group: ',
      h('code', null, 'tumen case set CASE group NAME'),
      '; or join two: ',
      h('code', null, 'tumen case link CASE OTHER --as same_event'),
      '.',
    ),
    ...list(
      'By analysts',
      groups.filter(({ suggested }) => !suggested),
      'None yet.',
    ),
    ...list(
      'Perhaps one event',
      groups.filter(({ suggested }) => suggested),
      'None.',
    ),
  ]
}

function groupCard(
  { name, receipts, why }: Group,
  byReceipt: ReadonlyMap<string, CaseView>,
  path: string,
): ComponentChild {
  const members = receipts
    .map((receipt) => byReceipt.get(receipt))
    .filter((view) => view !== undefined)
    .toSorted(byUrgency)
  // Several cases may tell of the same people, so there are at least as many as in the largest
  // case.
  const least = Math.max(...members.map(({ peopleCount }) => peopleCount.min))
  return h(
    'details',
    { class: 'group', open: members.length <= maxOpenMembers },
    h(
      'summary',
      null,
      h('strong', null, said(name)),
      h(
        'span',
        { class: 'meta' },
        ` ${count(members.length, 'case')}, of ${count(least, 'person', 'people')} or more · `,
        said(why.join(', ')),
      ),
    ),
    h(
      'ul',
      { class: 'lines' },
      members.map((view) =>
        h(
          'li',
          null,
          h('span', { class: `tier t${view.triage.tier}` }, view.triage.tier),
          ' ',
          h('a', { href: sheetHref(path, view.id) }, caseTitle(view)),
          h(
            'span',
            { class: 'meta' },
            ` · ${people(view.peopleCount)}`,
            view.tip?.event?.detained_when
              ? ` · ${whenInWords(view.tip.event.detained_when)}`
              : ' · no date',
          ),
        ),
      ),
    ),
  )
}
