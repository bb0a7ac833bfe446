import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Place } from '../../tip/event.ts'
import type { Change } from '../casebook/case-file.ts'
import type { CaseView, PersonView } from '../view/case-view.ts'
import { daysLeft, people } from './board.ts'
import { facts, minuteOf, said, section, words } from './said.ts'

/** Everything about one case, on one page; what must not leave is marked. */
export function sheet(view: CaseView): ComponentChild[] {
  const { tip, state } = view
  return [
    h('h1', null, said(view.title)),
    h('p', { class: 'meta' }, `Case ${view.id} · ${people(view.peopleCount)} · ${words(state.status)}${state.assigned === null ? '' : ' · '}`, said(state.assigned)),
    consentBanner(view),
    urgency(view),
    section('Persons', view.persons.map((person) => h('div', null, h('h3', null, said(person.displayName)), personFacts(person)))),
    section('What happened', eventFacts(view)),
    section('In their words', tip === null ? h('p', null, 'There is no tip that can be read; see what was odd below.') : h('div', { class: 'text', lang: tip.lang ?? undefined }, said(tip.narrative, { keepsNewlines: true }))),
    section('Corrected by an analyst', corrections(view)),
    section('Tried so far', (tip?.steps?.actions ?? []).length === 0 ? null : facts((tip?.steps?.actions ?? []).map(({ action, when, result }) => [words(action), [when ?? '', ' ', said(result)]] as const))),
    section('Files', files(view)),
    section('Notes', state.notes.map(({ at, by, text }) => [h('p', { class: 'meta' }, minuteOf(at), ' · ', said(by)), h('div', { class: 'text' }, said(text, { keepsNewlines: true }))])),
    section('Contact log', state.contacts.length === 0 ? null : facts(state.contacts.map((contact) => [`${contact.day} ${words(contact.with)}`, said(contact.text)] as const))),
    section('Linked cases', state.links.length === 0 ? null : h('ul', null, state.links.map(({ to, as, reason }) => h('li', null, `${words(as)}: `, h('code', null, to.slice(0, 8)), reason === undefined ? null : [' ', said(reason)])))),
    source(view),
    section('Opened', openedFacts(view)),
    h('div', { class: 'history' }, section('History', view.changes.length === 0 ? null : h('ul', null, view.changes.map((change) => h('li', null, `${minuteOf(change.at)} · `, said(change.by), `: ${whatChanged(change)}`))))),
  ]
}

function consentBanner({ consent, tip }: CaseView): ComponentChild {
  return h('div', { class: 'banner', role: 'note', 'aria-label': 'Consent' },
    h('strong', null, 'Who may be told'),
    h('ul', null, consent.map(({ recipient, level }) => h('li', null, `${recipient}: `, h('strong', null, words(level))))),
    h('p', { class: 'meta' }, tip?.consent_meta?.withdrawn === 'yes' ? 'Consent was withdrawn.' : 'Nothing said means: ask first.'))
}

function urgency({ triage }: CaseView): ComponentChild {
  const { window, tier, priority, reasons, decidedBy, computed } = triage
  const decision = { rules: 'the rules, today', earlier: `the rules, on an earlier day (today: tier ${computed})`, analyst: `an analyst (the rules: tier ${computed})` }[decidedBy]
  return section(`Tier ${tier}: ${priority.toLowerCase()}`, h('ul', null, reasons.map(({ text }) => h('li', null, said(text)))), facts([
    ['Decided by', decision],
    ['Window', window === null ? null : [`about ${window.days} days, to ${window.endsOn}: `, h('strong', { 'data-ends': window.endsOn }, daysLeft(window.leftDays)), ` (${window.custody} to ${window.destination}; ${window.source})`]],
    ['To be read by', minuteOf(triage.dueAt)],
  ]))
}

function personFacts({ person, age, minor, elderly, confirmed, guide, personId }: PersonView): ComponentChild {
  const names = (person.names ?? []).map(({ text, script, kind, by }) => h('div', null, said(text), h('span', { class: 'meta' }, ` ${[script, kind, by === 'analyst' ? 'added by an analyst' : null].filter(Boolean).join(', ')}`)))
  return facts([
    ['Names', names.length === 0 ? null : names],
    ['Sex', words(person.sex)],
    ['Age when taken', ageText(age, minor, elderly)],
    ['Born', person.birth], ['Status', words(person.status)], ['Nationality', (person.nationality ?? []).join(', ')], ['From', said(person.origin_place)], ['Ethnicity', said(person.ethnicity)],
    ['Risks', (person.risk_flags ?? []).map(words).join(', ')], ['Medical', said(person.medical)],
    ['Papers', (person.id_docs ?? []).length === 0 ? null : (person.id_docs ?? []).map(({ type, number }) => h('div', null, said(type), ' ', said(number)))],
    ['Marks', [confirmed === true ? 'confirmed' : confirmed === false ? 'not confirmed' : '', guide === true ? 'a guide' : '', personId === null ? '' : `person ${personId}`].filter(Boolean).join(', ')],
  ])
}

function eventFacts({ tip }: CaseView): ComponentChild {
  const event = tip?.event
  const risk = event?.return_risk
  return facts([
    ['About', words(tip?.topic)], ['Happening now', words(tip?.urgent_now)],
    ['When', together(event?.detained_when, event?.when_text)],
    ['Last contact', event?.last_contact], ['Taken at', placeOf(event?.where_taken)], ['Held at', placeOf(event?.held_where)],
    ['Moved', (event?.transfers ?? []).length === 0 ? null : (event?.transfers ?? []).map(({ when, from, to }) => h('div', null, when ?? '', ' ', placeOf(from), ' to ', placeOf(to)))],
    ['How', words(event?.how_taken)], ['By', together((event?.authority ?? []).map(words).join(', '), event?.authority_text)],
    ['Warrant', words(event?.warrant)], ['Reasons given', said(event?.reasons_given)], ['Acknowledged', words(event?.acknowledged)],
    ['Could be returned', risk ? [risk.to_country ? `to ${risk.to_country}` : '', risk.expected ? `, expected ${risk.expected} ` : ' ', said(risk.basis)] : null],
    ['Companions', event?.companions ?? null], ['Guides held', event?.guides_held ?? null],
  ])
}

function ageText(age: PersonView['age'], minor: PersonView['minor'], elderly: PersonView['elderly']): string | null {
  const years = age === null ? null : age.min === age.max ? String(age.min) : `${age.min} to ${age.max}`
  const marks = [minor === 'yes' ? 'child' : minor === 'possible' ? 'perhaps a child' : null, elderly === 'yes' ? 'elderly' : null].filter((mark) => mark !== null)
  return years === null && marks.length === 0 ? null : [years ?? 'not known', ...marks].join(' · ')
}

/** A code or a date, and somebody's words for it. */
function together(fact: string | null | undefined, text: string | null | undefined): ComponentChild {
  return !fact && !text ? null : [fact ?? '', ' ', said(text)]
}

function placeOf(place: Place | null | undefined): ComponentChild {
  if (!place) return null
  const where = [place.text, place.admin, place.country].filter(Boolean).join(', ')
  const at = typeof place.lat === 'number' && typeof place.lon === 'number' ? ` (${place.lat}, ${place.lon}${place.precision_km ? `, within ${place.precision_km} km` : ''})` : ''
  return where === '' && at === '' ? null : [said(where), at]
}

function corrections({ state }: CaseView): ComponentChild {
  if (state.corrections.size === 0) return null
  return facts([...state.corrections].map(([field, { value, by, at }]) => [field, [said(JSON.stringify(value)), h('span', { class: 'meta' }, ` ${at.slice(0, 10)} `, said(by))]] as const))
}

/** Named and never shown: a file can attack what shows it. */
function files({ opened, tip }: CaseView): ComponentChild {
  if (opened.attachments.length === 0) return null
  const listed = new Map((tip?.attachments ?? []).map((attachment) => [`attachments/${attachment.name}`, attachment]))
  return h('div', null, h('p', { class: 'meta' }, 'Not opened here. Look at them with Dangerzone; the paths are below the folder of the tip.'), h('ul', null, opened.attachments.map(({ path, bytes, sha256 }) => {
    const described = listed.get(path)
    return h('li', null, said(path), ` · ${bytes.toLocaleString('en')} bytes · hidden place and time: ${words(described?.metadata) || 'not said'}`, described?.note ? [' · ', said(described.note)] : null, h('div', { class: 'digest' }, sha256))
  })))
}

function source({ tip }: CaseView): ComponentChild {
  const told = tip?.source
  const shown = facts([
    ['Relation', words(told?.relation)], ['Knows it because', words(told?.basis)], ['Inside the country at risk', words(told?.inside_risk_country)],
    ['To reach them', told?.contact ? [words(told.contact.way), ' ', said(told.contact.text)] : null], ['Safe times', said(told?.contact?.safe_times)],
    ['Consent given by', said(tip?.consent_meta?.given_by)], ['Family agrees', words(tip?.consent_meta?.family_agrees)], ["The detained person's wish", said(tip?.consent_meta?.detainee_wish)],
  ])
  return shown === null ? null : h('div', { class: 'secret' }, h('h2', null, 'The source: never leaves the desk'), shown)
}

function openedFacts({ opened, receipt }: CaseView): ComponentChild {
  return facts([
    ['Receipt', h('span', { class: 'digest' }, receipt)], ['Opened', minuteOf(opened.opened_at)],
    ['By', `${opened.identity.name ?? 'an identity that is not in the keyring'}${opened.identity.retired === null ? '' : `, retired ${opened.identity.retired}`}, ${opened.tool}`],
    ['Export', said(opened.export.signer)],
    ['Odd', opened.problems.length === 0 ? null : h('ul', null, opened.problems.map(({ code, detail }) => h('li', null, `${code}: `, said(detail))))],
  ])
}

function whatChanged(change: Change): string {
  switch (change.kind) {
    case 'set': return change.value === null ? `took back ${change.field}` : `set ${change.field}`
    case 'consent': return `consent ${change.recipient}: ${words(change.level)}`
    case 'tier_reached': return `reached tier ${change.tier}`
    case 'link': return `linked ${change.to.slice(0, 8)} (${words(change.as)})`
    case 'unlink': return `unlinked ${change.to.slice(0, 8)}`
    default: return change.kind
  }
}
