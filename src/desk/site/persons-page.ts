import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { personStatuses } from '../../tip/codes.ts'
import type { DuplicateCandidate } from '../people/duplicates.ts'
import type { CaseView, PersonView } from '../view/case-view.ts'
import { foldForSearch } from '../view/search-text.ts'
import { compareText } from '../view/urgency.ts'
import { count } from './case-words.ts'
import { pair } from './person-pair.ts'
import { sheetHref } from './page.ts'
import { said, words } from './said.ts'
import { choice, field, searchBox } from './search-box.ts'
import { whenInWords } from './when.ts'

/** More pairs than anybody compares in a day are not drawn; the table below names everybody's likeliest. */
const maxPairs = 150
const likeliest = 3

export interface Someone {
  view: CaseView
  person: PersonView
}

/** Persons of all tips; those who may be one stand side by side. Only an analyst makes them one. */
export function personsPage(views: readonly CaseView[], candidates: readonly DuplicateCandidate[], path: string): ComponentChild[] {
  const everyone = views.flatMap((view) => view.persons.map((person) => ({ view, person })))
  const byKey = new Map(everyone.map((someone) => [someone.person.key, someone]))
  const others = othersOf(candidates, byKey)
  return [
    h('h1', null, 'Persons'),
    h('h2', null, `Perhaps the same (${candidates.length.toLocaleString('en')})`),
    h('p', { class: 'meta' }, 'Names are compared across Hangul, Hanja, Latin, Arabic and Cyrillic letters. To say that two are one, give both the same mark; different marks say that they are two. Only you make them one: the counts take nobody for another by themselves.'),
    candidates.length === 0 ? h('p', null, 'None.') : null,
    h('details', { class: 'group', open: candidates.length > 0 && candidates.length <= maxPairs }, h('summary', null, candidates.length > maxPairs ? `The ${maxPairs} most alike, side by side` : 'Side by side'),
      candidates.slice(0, maxPairs).map((candidate) => pair(candidate, byKey, path))),
    h('h2', null, `Everybody who is named or described (${everyone.length.toLocaleString('en')})`),
    searchBox('Search names', [
      field('Status', choice('status', personStatuses.map((status) => [status, status]))),
      field('Age', choice('age', [['child', 'children'], ['elderly', 'elderly']])),
      field('Perhaps the same as another', choice('alike', [['yes', 'yes'], ['no', 'no']])),
    ], 'tumen case list --search NAME'),
    h('table', { class: 'list people' },
      h('caption', { class: 'hidden' }, count(everyone.length, 'person', 'persons')),
      h('thead', null, h('tr', null, ['Names', 'Sex, age', 'Status', 'Detained', 'Perhaps also'].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', { class: 'rows' }, everyone.toSorted((one, other) => compareText(one.person.displayName, other.person.displayName) || compareText(one.person.key, other.person.key))
        .map((someone) => row(someone, others.get(someone.person.key) ?? [], path)))),
  ]
}

/** The likeliest others, by key of a person; candidates stand in that order. */
function othersOf(candidates: readonly DuplicateCandidate[], byKey: ReadonlyMap<string, Someone>): Map<string, Someone[]> {
  const others = new Map<string, Someone[]>()
  for (const { a, b } of candidates) {
    for (const [one, other] of [[a, b], [b, a]] as const) {
      const known = others.get(one) ?? []
      const someone = byKey.get(other)
      if (someone !== undefined && known.length < likeliest) others.set(one, [...known, someone])
    }
  }
  return others
}

function row({ view, person }: Someone, others: readonly Someone[], path: string): ComponentChild {
  const group = [person.minor === 'yes' || person.minor === 'possible' ? 'child' : '', person.elderly === 'yes' ? 'elderly' : ''].filter(Boolean).join(' ')
  const texts = (person.person.names ?? []).map(({ text }) => text)
  return h('tr', { 'data-text': foldForSearch([...texts, view.id].join(' ')), 'data-status': person.person.status ?? 'unknown', 'data-age': group, 'data-alike': others.length > 0 ? 'yes' : 'no' },
    h('td', null, h('a', { href: sheetHref(path, view.id) }, nameText(person)), person.personId === null ? null : h('div', { class: 'meta' }, 'marked ', said(person.personId))),
    h('td', null, [words(person.person.sex), ageText(person)].filter(Boolean).join(', ')),
    h('td', null, words(person.person.status)),
    h('td', null, whenInWords(view.tip?.event?.detained_when)),
    h('td', { class: 'meta' }, others.map((other, index) => [index > 0 ? ', ' : '', h('a', { href: sheetHref(path, other.view.id) }, said(other.person.displayName))])))
}

export function nameText({ person: { names }, displayName }: PersonView): ComponentChild {
  const texts = (names ?? []).map(({ text }) => text)
  return texts.length === 0 ? displayName : texts.map((text, index) => [index > 0 ? ' / ' : '', said(text)])
}

export function ageText({ age, minor, elderly }: PersonView): string {
  const years = age === null ? '' : age.min === age.max ? String(age.min) : `${age.min} to ${age.max}`
  const mark = minor === 'yes' ? 'child' : minor === 'possible' ? 'perhaps a child' : elderly === 'yes' ? 'elderly' : ''
  return mark === '' ? years : years === '' ? mark : `${years} (${mark})`
}
