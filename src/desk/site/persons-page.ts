import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { personStatuses } from '../../tip/codes.ts'
import type { DuplicateCandidate } from '../people/duplicates.ts'
import type { CaseView } from '../files/case-view.ts'
import { nameKeysOf } from '../view/search-text.ts'
import { compareText } from '../view/urgency.ts'
import { count } from '../../text/count.ts'
import { listPages } from './list-pages.ts'
import type { ListRow } from './list-table.ts'
import type { SitePage } from './page.ts'
import { rootOf, sheetHref } from './page.ts'
import { pair } from './person-pair.ts'
import type { Someone } from './person-words.ts'
import { ageText, nameText } from './person-words.ts'
import { said, words } from './said.ts'
import { choice, field } from './search-box.ts'
import { whenInWords } from './when.ts'

export const personsPath = 'site/persons.html'
export const alikePath = 'site/alike.html'
/**
 * More pairs than an analyst compares in a day are not drawn; the table of persons lists the
 * likeliest matches of each person.
 */
const maxPairs = 150
const likeliest = 3

/** The persons of all tips, and which of them may be the same. Only an analyst can merge two. */
export function personsPage(
  views: readonly CaseView[],
  candidates: readonly DuplicateCandidate[],
): SitePage[] {
  const path = personsPath
  const everyone = everyoneIn(views)
  const others = othersOf(candidates, byKeyOf(everyone))
  const sorted = everyone.toSorted(
    (one, other) =>
      compareText(one.person.displayName, other.person.displayName) ||
      compareText(one.person.key, other.person.key),
  )
  return listPages({
    path,
    title: 'Persons',
    intro: [
      h(
        'p',
        null,
        candidates.length === 0
          ? 'Nobody looks like somebody else.'
          : h(
              'a',
              { href: rootOf(path) + alikePath },
              `Perhaps the same: ${count(candidates.length, 'pair')}, side by side`,
            ),
      ),
    ],
    search: {
      label: 'Search names',
      wayWithout: 'tumen case list --search NAME',
      fields: [
        field(
          'Status',
          choice(
            'status',
            personStatuses.map((status) => [status, status]),
          ),
        ),
        field(
          'Age',
          choice('age', [
            ['child', 'children'],
            ['elderly', 'elderly'],
          ]),
        ),
        field(
          'Perhaps the same as another',
          choice('alike', [
            ['yes', 'yes'],
            ['no', 'no'],
          ]),
        ),
      ],
    },
    list: {
      kind: 'people',
      caption: count(everyone.length, 'person', 'persons'),
      head: ['Names', 'Sex, age', 'Status', 'Detained', 'Perhaps also'],
      rows: sorted.map((someone) => row(someone, others.get(someone.person.key) ?? [], path)),
    },
  })
}

/** Pairs of persons who may be the same, side by side, the likeliest first. */
export function alikePage(
  views: readonly CaseView[],
  candidates: readonly DuplicateCandidate[],
  path: string,
): ComponentChild[] {
  const byKey = byKeyOf(everyoneIn(views))
  return [
    h('h1', null, `Perhaps the same: ${count(candidates.length, 'pair')}`),
    h(
      'p',
      { class: 'meta' },
      'Names are compared across Hangul, Hanja, Latin, Arabic and Cyrillic letters. To say that two are one, give both the same mark; different marks say that they are two. Only you make them one: the counts take nobody for another by themselves.',
    ),
    candidates.length > maxPairs
      ? h(
          'p',
          null,
          `The ${maxPairs} most alike are here; those of everybody else stand beside their names among the `,
          h('a', { href: rootOf(path) + personsPath }, 'persons'),
          '.',
        )
      : null,
    h('h2', { class: 'hidden' }, 'Pairs'),
    candidates.slice(0, maxPairs).map((candidate) => pair(candidate, byKey, path)),
  ]
}

const everyoneIn = (views: readonly CaseView[]): Someone[] =>
  views.flatMap((view) => view.persons.map((person) => ({ view, person })))
const byKeyOf = (everyone: readonly Someone[]) =>
  new Map(everyone.map((someone) => [someone.person.key, someone]))

/** The likeliest matches of each person, by the person's key. Candidates are sorted by likeness. */
function othersOf(
  candidates: readonly DuplicateCandidate[],
  byKey: ReadonlyMap<string, Someone>,
): Map<string, Someone[]> {
  const others = new Map<string, Someone[]>()
  for (const { a, b } of candidates) {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = others.get(one) ?? []
      const someone = byKey.get(other)
      if (someone !== undefined && known.length < likeliest) others.set(one, [...known, someone])
    }
  }
  return others
}

function row({ view, person }: Someone, others: readonly Someone[], path: string): ListRow {
  const group = [
    person.minor === 'yes' || person.minor === 'possible' ? 'child' : '',
    person.elderly === 'yes' ? 'elderly' : '',
  ]
    .filter(Boolean)
    .join(' ')
  return {
    facts: {
      status: person.person.status ?? 'unknown',
      age: group,
      alike: others.length > 0 ? 'yes' : 'no',
      keys: nameKeysOf([person]),
    },
    cells: [
      [
        h('a', { href: sheetHref(path, view.id) }, nameText(person)),
        person.personId === null
          ? null
          : h('div', { class: 'meta' }, 'marked ', said(person.personId)),
      ],
      [words(person.person.sex), ageText(person)].filter(Boolean).join(', '),
      words(person.person.status),
      whenInWords(view.tip?.event?.detained_when),
      others.map((other, index) => [
        index > 0 ? ', ' : '',
        h('a', { href: sheetHref(path, other.view.id) }, said(other.person.displayName)),
      ]),
    ],
  }
}
