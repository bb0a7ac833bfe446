import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Place } from '../../tip/event.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'
import { authorityName, countryName } from '../text/code-words.ts'
import { placeText } from './case-words.ts'
import { ageText } from './person-words.ts'
import { facts, said, words } from './said.ts'
import { whenInWords } from './when.ts'

export function persons(view: CaseView): ComponentChild[] {
  return view.persons.map((person) =>
    h('div', { class: 'person' }, h('h3', null, said(person.displayName)), personFacts(person)),
  )
}

function personFacts(view: PersonView): ComponentChild {
  const { person, confirmed, guide, personId } = view
  return facts([
    ['Names', otherNames(view)],
    ['Sex', words(person.sex)],
    ['Age when taken', ageText(view)],
    ['Age as typed', said(person.age_text)],
    ['Born', whenInWords(person.birth)],
    ['Status', words(person.status)],
    ['Nationality', (person.nationality ?? []).map(countryName).join(', ')],
    ['From', said(person.origin_place)],
    ['Ethnicity', said(person.ethnicity)],
    ['Risks', (person.risk_flags ?? []).map(words).join(', ')],
    ['Medical', said(person.medical)],
    [
      'Papers',
      (person.id_docs ?? []).length === 0
        ? null
        : (person.id_docs ?? []).map(({ type, number }) =>
            h('div', null, said(type), ' ', said(number)),
          ),
    ],
    [
      'Marks',
      [
        confirmed === true ? 'confirmed' : confirmed === false ? 'not confirmed' : '',
        guide === true ? 'a guide' : '',
        personId === null ? '' : `person ${personId}`,
      ]
        .filter(Boolean)
        .map((text, index) => [index > 0 ? ', ' : '', said(text)]),
    ],
  ])
}

/**
 * All names of a person; nothing if the only one is a plain name, which the heading already shows.
 */
function otherNames({ person }: PersonView): ComponentChild {
  const names = person.names ?? []
  const isPlain =
    names.length === 1 && names[0]?.by !== 'analyst' && (names[0]?.kind ?? 'legal') === 'legal'
  if (names.length === 0 || isPlain) return null
  return names.map(({ text, kind, by }) =>
    h(
      'div',
      null,
      said(text),
      h(
        'span',
        { class: 'meta' },
        ` ${[kind, by === 'analyst' ? 'added by an analyst' : null].filter(Boolean).join(', ')}`,
      ),
    ),
  )
}

export function eventFacts({ tip }: CaseView): ComponentChild {
  const event = tip?.event
  const risk = event?.return_risk
  return facts([
    ['About', words(tip?.topic)],
    ['Happening now', words(tip?.urgent_now)],
    ['When', together(whenInWords(event?.detained_when), event?.when_text)],
    ['Last contact', whenInWords(event?.last_contact)],
    ['Taken at', placeOf(event?.where_taken)],
    ['Held at', placeOf(event?.held_where)],
    [
      'Moved',
      (event?.transfers ?? []).length === 0
        ? null
        : (event?.transfers ?? []).map(({ when, from, to }) =>
            h('div', null, `${whenInWords(when)} `, placeOf(from), ' to ', placeOf(to)),
          ),
    ],
    ['How', words(event?.how_taken)],
    ['By', together((event?.authority ?? []).map(authorityName).join(', '), event?.authority_text)],
    ['Warrant', words(event?.warrant)],
    ['Reasons given', said(event?.reasons_given)],
    ['Acknowledged', words(event?.acknowledged)],
    [
      'Could be returned',
      risk
        ? [
            risk.to_country ? `to ${countryName(risk.to_country)}` : '',
            risk.expected ? `, expected ${whenInWords(risk.expected)} ` : ' ',
            said(risk.basis),
          ]
        : null,
    ],
    ['Companions', event?.companions ?? null],
    ['Guides held', event?.guides_held ?? null],
    [
      'As typed',
      (tip?.as_typed ?? []).length === 0
        ? null
        : (tip?.as_typed ?? []).map(({ field, text }) =>
            h('div', null, h('span', { class: 'meta' }, said(field), ' '), said(text)),
          ),
    ],
  ])
}

/** A code or a date, followed by the source's words for it. */
function together(fact: string, text: string | null | undefined): ComponentChild {
  return fact === '' && !text
    ? null
    : [fact, text ? h('span', { class: 'meta' }, ' ', said(text)) : null]
}

function placeOf(place: Place | null | undefined): ComponentChild {
  if (!place) return null
  const where = placeText(place)
  const at =
    typeof place.lat === 'number' && typeof place.lon === 'number'
      ? ` (${place.lat}, ${place.lon}${place.precision_km ? `, within ${place.precision_km} km` : ''})`
      : ''
  return where === '' && at === '' ? null : [said(where), at]
}
