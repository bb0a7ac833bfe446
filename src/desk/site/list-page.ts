import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { caseStatuses, tiers } from '../casebook/case-file.ts'
import type { CaseView } from '../view/case-view.ts'
import { printable } from '../view/printable.ts'
import { byUrgency, daysLeft, people, placeText } from './board.ts'
import { sheetHref } from './page.ts'
import { said, words } from './said.ts'

/** So much of each case can be searched; a narrative may have 200,000 characters. */
const maxSearchCharacters = 1_500

/** Every case in one table, to search and to filter; without a script it is the whole table. */
export function listPage(views: readonly CaseView[], path: string): ComponentChild[] {
  return [
    h('h1', null, 'All cases'),
    h('div', { class: 'filters', hidden: true, role: 'search' },
      field('Search names, words, places', h('input', { id: 'search', type: 'search', autocomplete: 'off', dir: 'auto' })),
      field('Tier', choice('tier', tiers.map(String))),
      field('Status', choice('status', caseStatuses)),
      field('Children', choice('minor', ['yes', 'no'])),
      field('Detained from', h('input', { id: 'from', type: 'date' })),
      field('to', h('input', { id: 'to', type: 'date' })),
      h('p', { id: 'count', role: 'status' }, `${views.length} cases`)),
    h('div', { class: 'scroll' }, h('table', null,
      h('thead', null, h('tr', null, ['Tier', 'Left', 'Case', 'People', 'Taken at', 'Detained', 'Status', ''].map((name) => h('th', { scope: 'col' }, name || 'Id')))),
      h('tbody', { class: 'rows' }, views.toSorted(byUrgency).map((view) => row(view, path))))),
  ]
}

function field(label: string, control: ComponentChild): ComponentChild {
  return h('label', null, label, control)
}

function choice(id: string, values: readonly string[]): ComponentChild {
  return h('select', { id }, h('option', { value: '' }, 'any'), values.map((value) => h('option', { value }, value)))
}

function row(view: CaseView, path: string): ComponentChild {
  const { triage, tip, state, detained, persons } = view
  const minor = persons.some((person) => person.minor === 'yes' || person.minor === 'possible') ? 'yes' : 'no'
  return h('tr', {
    'data-text': searchText(view), 'data-tier': triage.tier, 'data-status': state.status, 'data-minor': minor,
    'data-earliest': detained?.earliest ?? '', 'data-latest': detained?.latest ?? '9999-12-31',
  },
  h('td', { class: 'n' }, triage.tier),
  h('td', null, triage.window === null ? '' : daysLeft(triage.window.leftDays)),
  h('td', null, h('a', { href: sheetHref(path, view.id) }, said(view.title)), minor === 'yes' ? ' (child)' : ''),
  h('td', null, people(view.peopleCount)),
  h('td', null, said(placeText(view))),
  h('td', null, tip?.event?.detained_when ?? ''),
  h('td', null, words(state.status)),
  h('td', { class: 'meta' }, view.id))
}

function searchText(view: CaseView): string {
  const { tip } = view
  const names = (tip?.persons ?? []).flatMap((person) => (person.names ?? []).map(({ text }) => text))
  const authority = [...(tip?.event?.authority ?? []).map(words), tip?.event?.authority_text ?? '']
  const text = [view.id, view.title, ...names, placeText(view), tip?.event?.held_where?.text ?? '', ...authority, view.state.group ?? '', view.state.assigned ?? '', tip?.narrative ?? '']
  return printable(text.join(' '), { maxCharacters: maxSearchCharacters }).normalize('NFKC').toLowerCase()
}
