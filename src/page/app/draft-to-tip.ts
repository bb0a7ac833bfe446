import { maxPeopleCount } from '../../tip/bounds.ts'
import type { minorCodes, scripts, yesNoUnsure } from '../../tip/codes.ts'
import { consentOf, consentTextOf } from '../../tip/consent-choice.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Language } from '../languages.ts'
import { consentIn } from './consent-of.ts'
import type { Draft, PersonDraft } from './draft.ts'
import { readDate } from './edtf-of.ts'
import { readAge, type ReadAge } from './read-age.ts'
import { readCount } from './read-count.ts'
import type { ConsentAnswer, FollowUp } from './two-way-state.ts'
import { dayOf, type VagueDate } from './vague-date.ts'

/**
 * Leaves out empty answers, so that a field appears in the tip only if the person filled it in.
 * Null when nothing is left.
 */
function filled<Group extends object>(group: Group): Filled<Group> | null {
  const entries = Object.entries(group).filter(
    ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return entries.length === 0 ? null : (Object.fromEntries(entries) as Filled<Group>)
}
type Filled<Group> = { [Field in keyof Group]?: Exclude<Group[Field], '' | null> }

const text = (typed: string): string => typed.trim()

const place = (typed: string, country = '') => filled({ text: text(typed), country })

const scriptsByLetters: readonly [(typeof scripts)[number], RegExp][] = [
  ['Hang', /\p{sc=Hang}/u],
  ['Hani', /\p{sc=Hani}/u],
  ['Latn', /\p{sc=Latn}/u],
  ['Cyrl', /\p{sc=Cyrl}/u],
  ['Arab', /\p{sc=Arab}/u],
  ['Tibt', /\p{sc=Tibt}/u],
]

/**
 * The code of the script a name is written in. Null for a mix of scripts, or for a script without a
 * code.
 */
function scriptOf(name: string): (typeof scripts)[number] | null {
  const found = scriptsByLetters.filter(([, letters]) => letters.test(name))
  const [only] = found
  return only !== undefined && found.length === 1 ? only[0] : null
}

const adultAge = 18
/** The Korean way of counting age is one or two years ahead of birthdays. */
const maxYearsAhead = 2

/** `possible` is treated as a child: an unclear way of counting must never hide one. */
export function minorByAge(read: ReadAge, now: Date): (typeof minorCodes)[number] {
  if (read.is === 'born')
    return minorBetween(now.getFullYear() - read.year - 1, now.getFullYear() - read.year)
  if (read.is === 'range') return minorBetween(read.from - maxYearsAhead, read.to)
  if (read.unit === 'months') return read.value < adultAge * 12 ? 'yes' : 'no'
  if (read.value < adultAge) return 'yes'
  return minorBetween(
    read.reckoning === 'international' ? read.value : read.value - maxYearsAhead,
    read.value,
  )
}

/** @param youngest the lowest possible age in years; `oldest` is the highest */
function minorBetween(youngest: number, oldest: number): (typeof minorCodes)[number] {
  if (oldest < adultAge) return 'yes'
  return youngest < adultAge ? 'possible' : 'no'
}

function minorByBirth(birth: string | null, now: Date): (typeof minorCodes)[number] | null {
  if (birth === null || birth === 'unknown') return null
  const years = now.getFullYear() - Number(birth.slice(0, 4))
  const doubt = /[~?%]$/.test(birth) ? maxYearsAhead : 0
  if (years + doubt < adultAge) return 'yes'
  return years - doubt <= adultAge ? 'possible' : 'no'
}

/** Records the words typed into a field that could not be read completely. */
type KeepUnread = (field: string, typed: string) => void

function dateOf(
  date: VagueDate,
  now: Date,
  field: string,
  keep: KeepUnread,
  yearsAhead = 0,
): string | null {
  const { edtf, unread } = readDate(date, now, yearsAhead)
  if (unread !== null) keep(field, unread)
  return edtf
}

function countOf(typed: string, field: string, keep: KeepUnread): number | null {
  const read = readCount(typed, maxPeopleCount)
  if (read?.isAll !== true && typed.trim() !== '') keep(field, typed.trim())
  return read?.count ?? null
}

/**
 * The age as read. A unit in the typed words overrides the chosen unit; a chosen way of counting
 * overrides one in the typed words.
 */
function ageOf({ age, ageUnit, reckoning }: PersonDraft, now: Date): ReadAge | null {
  const inMonths = ageUnit === 'months' && age.trim() !== '' ? readAge(`${age} months`, now) : null
  const read = inMonths ?? readAge(age, now)
  if (read?.is !== 'age') return read
  const chosen = reckoning === 'unknown' ? '' : reckoning
  return { ...read, reckoning: chosen || read.reckoning }
}

function personOf(person: PersonDraft, now: Date, keepBirth: (typed: string) => void) {
  const names = [{ text: person.name, kind: '' as const }, ...person.otherNames]
    .filter((name) => text(name.text) !== '')
    .map((name) => ({
      text: text(name.text),
      by: 'source' as const,
      ...filled({ script: scriptOf(name.text), kind: name.kind }),
    }))
  const age = ageOf(person, now)
  const isPlain = age?.is === 'age' && /^\d+$/.test(text(person.age))
  const typedBirth = dateOf(person.birth, now, '', (_, typed) => keepBirth(typed))
  const birth = typedBirth ?? (age?.is === 'born' ? String(age.year) : null)
  return filled({
    names,
    sex: person.sex,
    birth,
    age:
      age?.is === 'age'
        ? {
            value: age.value,
            unit: age.unit,
            as_of: `${dayOf(now)}~`,
            reckoning: age.reckoning || ('unknown' as const),
          }
        : null,
    age_text: isPlain ? '' : text(person.age),
    minor: age === null ? minorByBirth(birth, now) : minorByAge(age, now),
    nationality: person.nationality === '' ? [] : [person.nationality],
    origin_place: text(person.originPlace),
    ethnicity: text(person.ethnicity),
    risk_flags: [...person.riskFlags],
    medical: text(person.medical),
    status: person.status,
  })
}

/**
 * The persons about whom anything was answered. Unreadable dates are recorded under the person's
 * index in the tip.
 */
function personsOf(draft: Draft, now: Date, keep: KeepUnread) {
  const persons: NonNullable<ReturnType<typeof personOf>>[] = []
  for (const draftPerson of draft.persons) {
    const births: string[] = []
    const person =
      personOf(draftPerson, now, (typed) => births.push(typed)) ?? (births.length > 0 ? {} : null)
    if (person === null) continue
    for (const typed of births) keep(`persons.${persons.length}.birth`, typed)
    // "They are still held" holds for every person without an answer of their own.
    persons.push(draft.stillHeld === 'yes' ? { status: 'held', ...person } : person)
  }
  return persons
}

function transfersOf(draft: Draft, now: Date, keep: KeepUnread) {
  const transfers: { when?: string; from?: object; to?: object }[] = []
  for (const { when, from, to } of draft.transfers) {
    const typed: string[] = []
    const transfer = filled({
      when: dateOf(when, now, '', (_, words) => typed.push(words)),
      from: place(from),
      to: place(to),
    })
    if (transfer === null && typed.length === 0) continue
    for (const words of typed) keep(`event.transfers.${transfers.length}.when`, words)
    transfers.push(transfer ?? {})
  }
  return transfers
}

/** "Soon" means in these days from today, which puts a case into the most urgent tier. */
const soonDays = 7

/** The day of an expected return is in the future, so `27` may be next year. */
const returnYearsAhead = 10

/** When the source expects a return by force; null if the source does not expect one. */
function expectedReturn(draft: Draft, now: Date, keep: KeepUnread): string | null {
  const { sentBack, returnWhen } = draft
  if (sentBack !== 'soon' && sentBack !== 'yes') return null
  const day = dateOf(returnWhen, now, 'event.return_risk.expected', keep, returnYearsAhead)
  const isSaid = day !== null && day !== 'unknown'
  if (sentBack === 'soon' && !isSaid) return `${dayOf(now)}/${dayOf(now, -soonDays)}`
  return day ?? 'unknown'
}

/** "They are still held, or could be sent back soon", from the two questions. */
function urgentOf({ stillHeld, sentBack }: Draft): (typeof yesNoUnsure)[number] | '' {
  if (stillHeld === '' && sentBack === '') return ''
  if (stillHeld === 'yes' || sentBack === 'soon') return 'yes'
  return stillHeld === 'no' && ['', 'no', 'returned'].includes(sentBack) ? 'no' : 'unsure'
}

const eventOf = (draft: Draft, now: Date, keep: KeepUnread) =>
  filled({
    when_text: text(draft.when),
    detained_when: dateOf(draft.whenDate, now, 'event.detained_when', keep),
    last_contact: dateOf(draft.lastContact, now, 'event.last_contact', keep),
    where_taken: place(draft.where, draft.whereCountry),
    held_where: place(draft.held, draft.heldCountry),
    transfers: transfersOf(draft, now, keep),
    how_taken: draft.howTaken,
    authority: [...draft.authority],
    authority_text: text(draft.authorityText),
    warrant: draft.warrant,
    reasons_given: text(draft.reasons),
    acknowledged: draft.acknowledged,
    return_risk: filled({
      to_country: draft.returnCountry,
      expected: expectedReturn(draft, now, keep),
      basis: text(draft.returnBasis),
    }),
    companions: countOf(draft.companions, 'event.companions', keep),
    guides_held: countOf(draft.guides, 'event.guides_held', keep),
  })

const stepsOf = (draft: Draft, now: Date, keep: KeepUnread) =>
  filled({
    actions: draft.steps.map((step, index) => ({
      action: step.action,
      ...filled({
        when: dateOf(step.when, now, `steps.actions.${index}.when`, keep),
        result: text(step.result),
      }),
    })),
    already_public: draft.public,
  })

const sourceOf = (draft: Draft) =>
  filled({
    relation: draft.relation,
    basis: draft.basis,
    inside_risk_country: draft.inside,
    contact: {
      way: draft.contactWay,
      ...filled({ text: text(draft.contactText), safe_times: text(draft.safeTimes) }),
    },
  })

/** Yes covers what the question says: the name, and no picture. */
const levelOf = {
  yes: 'named',
  no: 'no',
  not_yet: 'ask_first',
} as const satisfies Readonly<Record<ConsentAnswer, string>>

/**
 * A follow-up repeats no choice of the first message: it holds only what was asked and answered, so
 * that silence never changes an answer.
 */
const answeredConsent = ({ consent }: FollowUp) =>
  Object.entries(consent).map(([recipient, answer]) => ({
    recipient: recipient as keyof Draft['consent'],
    level: levelOf[answer],
  }))

export interface TipOptions {
  /** The language in which the form asked for consent. */
  consentLanguage: Language
  followUp: FollowUp | null
  /** Stands for a narrative that was left blank, which only a follow-up may do. */
  blankNarrative: string
}

/**
 * Turns a draft into a tip that `serializeTip` accepts, provided that the narrative is not blank.
 * The sealer fills in `attachments`.
 *
 * @param now used for "today" and for ages
 */
export function tipFromDraft(
  draft: Draft,
  language: Language,
  now: Date,
  { consentLanguage = language, followUp = null, blankNarrative = '' }: Partial<TipOptions> = {},
): DetentionTip {
  const asTyped: { field: string; text: string }[] = []
  const keep: KeepUnread = (field, typed) => void asTyped.push({ field, text: typed })
  return {
    narrative: draft.narrative.trim() === '' ? blankNarrative : draft.narrative,
    ...filled({
      lang: language,
      topic: draft.topic === '' && draft.sentBack === 'returned' ? 'returned' : draft.topic,
      urgent_now: urgentOf(draft),
      people_count: filled({
        min: countOf(draft.atLeast, 'people_count.min', keep),
        max: countOf(draft.atMost, 'people_count.max', keep),
      }),
      persons: personsOf(draft, now, keep),
      event: eventOf(draft, now, keep),
      steps: stepsOf(draft, now, keep),
      source: sourceOf(draft),
      as_typed: asTyped,
      consent: followUp === null ? consentOf(consentIn(draft)) : answeredConsent(followUp),
      consent_meta: filled({
        given_by: text(draft.givenBy),
        family_agrees: draft.familyAgrees,
        detainee_wish: text(draft.wish),
        text_version: consentTextOf(consentLanguage),
        date: `${dayOf(now)}~`,
      }),
      answers: followUp?.answers ?? '',
      close: followUp?.isClosing === true ? (true as const) : null,
    }),
  }
}
