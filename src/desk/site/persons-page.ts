import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { DuplicateCandidate } from '../people/duplicates.ts'
import type { CaseView, PersonView } from '../view/case-view.ts'
import { sheetHref } from './page.ts'
import { facts, said, words } from './said.ts'

/** More pairs than anybody compares in a day are not drawn. */
const maxPairs = 200

interface Someone {
  view: CaseView
  person: PersonView
}

/** Persons of all tips; those who may be one stand side by side. Only an analyst makes them one. */
export function personsPage(views: readonly CaseView[], candidates: readonly DuplicateCandidate[], path: string): ComponentChild[] {
  const everyone = views.flatMap((view) => view.persons.map((person) => ({ view, person })))
  const byKey = new Map(everyone.map((someone) => [someone.person.key, someone]))
  return [
    h('h1', null, 'Persons'),
    h('h2', null, `Perhaps the same (${candidates.length})`),
    h('p', { class: 'meta' }, 'To say that two are one, give both the same mark: tumen case set CASE persons.N.person_id NAME. Different marks say that they are two.'),
    candidates.length > maxPairs ? h('p', null, `The ${maxPairs} most alike are shown.`) : null,
    candidates.slice(0, maxPairs).map((candidate) => pair(candidate, byKey, path)),
    h('h2', null, `Everybody who is named or described (${everyone.length})`),
    h('div', { class: 'scroll' }, h('table', null,
      h('thead', null, h('tr', null, ['Names', 'Sex', 'Age', 'Status', 'Detained', 'Case'].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', { class: 'rows' }, everyone.toSorted((one, other) => (one.person.displayName < other.person.displayName ? -1 : 1)).map((someone) => row(someone, path))))),
  ]
}

function pair({ a, b, why, score }: DuplicateCandidate, byKey: ReadonlyMap<string, Someone>, path: string): ComponentChild {
  const both = [byKey.get(a), byKey.get(b)].filter((someone) => someone !== undefined)
  return h('div', { class: 'card' },
    h('p', { class: 'meta' }, `${Math.round(score * 100)} % alike: ${why.join(', ')}`),
    h('div', { class: 'pair' }, both.map((someone) => h('div', null,
      h('h3', null, h('a', { href: sheetHref(path, someone.view.id) }, said(someone.person.displayName))),
      facts([
        ['Names', names(someone)], ['Sex', words(someone.person.person.sex)], ['Age', ageOf(someone)], ['Status', words(someone.person.person.status)],
        ['Detained', someone.view.tip?.event?.detained_when], ['Taken at', said(someone.view.tip?.event?.where_taken?.text)], ['Case', someone.view.id],
        ['Mark', said(someone.person.personId)],
      ])))))
}

function row(someone: Someone, path: string): ComponentChild {
  const { view, person } = someone
  return h('tr', null,
    h('td', null, names(someone) ?? person.displayName, person.minor === 'yes' ? ' (child)' : ''), h('td', null, words(person.person.sex)), h('td', { class: 'n' }, ageOf(someone)),
    h('td', null, words(person.person.status)), h('td', null, view.tip?.event?.detained_when ?? ''), h('td', null, h('a', { href: sheetHref(path, view.id) }, view.id)))
}

function names({ person }: Someone): ComponentChild {
  const texts = (person.person.names ?? []).map(({ text }) => text)
  return texts.length === 0 ? null : texts.map((text, index) => [index > 0 ? ' / ' : '', said(text)])
}

function ageOf({ person: { age } }: Someone): string {
  return age === null ? '' : age.min === age.max ? String(age.min) : `${age.min}–${age.max}`
}
