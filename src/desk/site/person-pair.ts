import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { DuplicateCandidate } from '../people/duplicates.ts'
import { takenAt } from './case-words.ts'
import { sheetHref } from './page.ts'
import type { Someone } from './person-words.ts'
import { ageText, nameText } from './person-words.ts'
import { said, words } from './said.ts'
import { whenInWords } from './when.ts'

/** Two persons side by side, compared fact by fact. */
export function pair(
  { a, b, why, score }: DuplicateCandidate,
  byKey: ReadonlyMap<string, Someone>,
  path: string,
): ComponentChild {
  const [one, other] = [byKey.get(a), byKey.get(b)]
  if (one === undefined || other === undefined) return null
  const both = [one, other]
  const name = `${one.person.displayName} / ${other.person.displayName}`
  return h(
    'div',
    { class: 'pair card' },
    h(
      'h3',
      null,
      likeness(score),
      ': ',
      said(one.person.displayName),
      ' / ',
      said(other.person.displayName),
    ),
    h('p', { class: 'meta' }, why.join(', ')),
    h(
      'table',
      { 'aria-label': `Side by side: ${name}` },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('th', { scope: 'col' }, h('span', { class: 'hidden' }, 'What')),
          both.map(({ view }) =>
            h(
              'th',
              { scope: 'col' },
              h('a', { href: sheetHref(path, view.id) }, `case ${view.id}`),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        null,
        rowsOf(both).map(([label, cells]) =>
          h(
            'tr',
            { class: isConflict(cells) ? 'differs' : undefined },
            h('th', { scope: 'row' }, label),
            cells.map(([, shown]) => h('td', null, shown)),
          ),
        ),
      ),
    ),
    h(
      'p',
      { class: 'command' },
      both.map(({ view, person }) =>
        h('code', null, `tumen case set ${view.id} persons.${person.index}.person_id MARK`),
      ),
    ),
  )
}

type Cell = readonly [text: string, shown: ComponentChild]

function rowsOf(both: readonly Someone[]): [string, Cell[]][] {
  const plain = (textOf: (someone: Someone) => string): Cell[] =>
    both.map((someone) => {
      const text = textOf(someone)
      return [text, text === '' ? '–' : said(text)]
    })
  const rows: [string, Cell[]][] = [
    ['Names', both.map(({ person }) => ['', nameText(person)] as const)],
    [
      'Sex',
      plain(({ person }) => (person.person.sex === 'unknown' ? '' : words(person.person.sex))),
    ],
    ['Age', plain(({ person }) => ageText(person))],
    ['Status', plain(({ person }) => words(person.person.status))],
    ['Detained', plain(({ view }) => whenInWords(view.tip?.event?.detained_when))],
    ['Taken at', plain(({ view }) => takenAt(view))],
    ['Mark', plain(({ person }) => person.personId ?? '')],
  ]
  return rows.filter(([label, cells]) => label === 'Names' || cells.some(([text]) => text !== ''))
}

/** Whether both persons have a value and the values differ. */
function isConflict(cells: readonly Cell[]): boolean {
  const [one = '', other = ''] = cells.map(([text]) => text)
  return one !== '' && other !== '' && one !== other
}

function likeness(score: number): string {
  return score >= 0.95 ? 'Very alike' : score >= 0.8 ? 'Alike' : 'A little alike'
}
