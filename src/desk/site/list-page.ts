import { h } from 'preact'
import { caseStatuses, tiers } from '../files/case-file.ts'
import { actByReason } from '../triage/act-by.ts'
import { tierRules } from '../triage/tiers.ts'
import type { CaseView } from '../files/case-view.ts'
import { searchedOf } from '../view/search-text.ts'
import { byUrgency } from '../view/urgency.ts'
import { caseTitle, childMark, daysLeft, people, takenAt } from './case-words.ts'
import { count } from '../../text/count.ts'
import { listPages } from './list-pages.ts'
import type { ListRow } from './list-table.ts'
import type { SitePage } from './page.ts'
import { sheetHref } from './page.ts'
import { said, words } from './said.ts'
import { choice, field } from './search-box.ts'
import { whenInWords } from './when.ts'

/**
 * A narrative may have 200,000 characters; a page with thousands of whole narratives would not
 * open.
 */
const maxCharactersOfAll = 1_200_000

/** All cases in one table that can be searched and filtered. */
export function listPage(views: readonly CaseView[]): SitePage[] {
  const path = 'site/list.html'
  const texts = views.map((view) => searchedOf(view).text)
  const searched = charactersForEach(texts.map(({ length }) => length))
  return listPages({
    path,
    title: 'All cases',
    search: {
      label: 'Search names, words, places',
      wayWithout: 'tumen case list --search WORDS',
      fields: [
        field(
          'Tier',
          choice(
            'tier',
            tiers.map((tier) => [
              String(tier),
              `${tier}: ${tierRules[tier].priority.toLowerCase()}`,
            ]),
          ),
        ),
        field(
          'Status',
          choice(
            'status',
            caseStatuses.map((status) => [status, status]),
          ),
        ),
        field(
          'With',
          choice(
            'with',
            vulnerable.map(([code, label]) => [code, label]),
          ),
        ),
        field('Detained from', h('input', { id: 'from', type: 'date' })),
        field('to', h('input', { id: 'to', type: 'date' })),
      ],
    },
    intro: [
      h(
        'p',
        { class: 'meta' },
        'The most urgent first, closed cases last. A search looks at names, places, notes and what the source wrote, and finds names and places in other spellings and scripts. ',
        searched === Infinity
          ? null
          : `Of long cases it looks at the first ${searched.toLocaleString('en')} characters; tumen case list --search WORDS looks at all of them.`,
      ),
    ],
    list: {
      kind: 'cases',
      caption: count(views.length, 'case'),
      head: ['Tier', 'Case', 'Time left', 'Taken', 'Status'],
      rows: views.toSorted(openFirst).map((view) => row(view, path, searched)),
    },
  })
}

/**
 * How many characters of each case the page can hold, so that only long cases are cut; `Infinity`
 * if none is.
 */
export function charactersForEach(lengths: readonly number[], all = maxCharactersOfAll): number {
  let left = all
  for (const [position, length] of lengths.toSorted((one, other) => one - other).entries()) {
    const share = Math.floor(left / (lengths.length - position))
    if (length > share) return share
    left -= length
  }
  return Infinity
}

function openFirst(one: CaseView, other: CaseView): number {
  return (
    Number(one.state.status === 'closed') - Number(other.state.status === 'closed') ||
    byUrgency(one, other)
  )
}

const vulnerable = [
  ['child', 'a child'],
  ['elderly', 'elderly people'],
  ['pregnant', 'pregnancy'],
  ['ill', 'illness'],
  ['back', 'sent back before'],
  ['overdue', 'nobody has read it in time'],
] as const

function row(view: CaseView, path: string, searched: number): ListRow {
  const { triage, tip, state, detained, id } = view
  return {
    facts: {
      text: searchedOf(view).text.slice(0, searched),
      keys: searchedOf(view).keys,
      tier: triage.tier,
      status: state.status,
      with: vulnerabilitiesOf(view).join(' '),
      earliest: detained?.earliest ?? '',
      latest: detained?.latest ?? '9999-12-31',
    },
    cells: [
      { class: `tier t${triage.tier}`, shown: triage.tier },
      [
        h('a', { href: sheetHref(path, id) }, caseTitle(view)),
        childMark(view),
        h(
          'div',
          { class: 'meta' },
          people(view.peopleCount),
          ' · ',
          h('span', { class: 'id' }, id),
        ),
      ],
      triage.actBy === null
        ? null
        : [
            h('span', { 'data-ends': triage.actBy.day }, daysLeft(triage.actBy.leftDays)),
            h('div', { class: 'meta' }, actByReason(triage.actBy)),
          ],
      [whenInWords(tip?.event?.detained_when), h('div', { class: 'meta' }, said(takenAt(view)))],
      {
        class: triage.isOverdue ? 'late' : undefined,
        shown: triage.isOverdue ? 'overdue' : words(state.status),
      },
    ],
  }
}

function vulnerabilitiesOf({ persons, triage }: CaseView): string[] {
  const flags = new Set(persons.flatMap(({ person }) => person.risk_flags ?? []))
  const is = {
    child: persons.some(({ minor }) => minor === 'yes' || minor === 'possible'),
    elderly: persons.some(({ elderly }) => elderly === 'yes' || elderly === 'possible'),
    pregnant: flags.has('pregnant'),
    ill: flags.has('medical') || flags.has('disability'),
    back: flags.has('previously_returned'),
    overdue: triage.isOverdue,
  }
  return vulnerable.map(([code]) => code).filter((code) => is[code])
}
