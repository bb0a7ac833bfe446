import type { ageReckonings, ageUnits, minorCodes, scripts } from '../../tip/codes.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Language } from '../languages.ts'
import type { Draft, PersonDraft } from './draft.ts'
import { edtfOf } from './edtf-of.ts'
import { maxAge, maxCount, wholeNumber } from './numbers.ts'
import { dayOf, type VagueDate } from './vague-date.ts'

/** Version of the words under which consent was given; a changed meaning is a new number. */
export const consentTextVersion = '1'

/**
 * Leaves out what is empty, so that a field stands in the tip only when somebody filled it in;
 * null when nothing is left.
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

/** Null for several scripts, or one the list has no code for. */
function scriptOf(name: string): (typeof scripts)[number] | null {
  const found = scriptsByLetters.filter(([, letters]) => letters.test(name))
  const [only] = found
  return only !== undefined && found.length === 1 ? only[0] : null
}

const adultAge = 18
/** Korean counting is one or two years ahead. */
const mostAhead = 2

/** `possible` counts as a child: never lose one to a way of counting. */
export function minorByAge(
  age: number,
  unit: (typeof ageUnits)[number],
  reckoning: '' | (typeof ageReckonings)[number],
): (typeof minorCodes)[number] {
  const years = unit === 'months' ? Math.floor(age / 12) : age
  if (years < adultAge) return 'yes'
  return unit === 'years' && reckoning !== 'international' && years < adultAge + mostAhead
    ? 'possible'
    : 'no'
}

function minorByBirth(birth: VagueDate, now: Date): (typeof minorCodes)[number] | null {
  const born = edtfOf(birth, now)
  if (born === null || born === 'unknown') return null
  const years = now.getFullYear() - Number(born.slice(0, 4))
  const doubt = born.endsWith('~') ? mostAhead : 0
  if (years + doubt < adultAge) return 'yes'
  return years - doubt <= adultAge ? 'possible' : 'no'
}

function personOf(person: PersonDraft, now: Date) {
  const names = [{ text: person.name, kind: '' as const }, ...person.otherNames]
    .filter((name) => text(name.text) !== '')
    .map((name) => ({
      text: text(name.text),
      by: 'source' as const,
      ...filled({ script: scriptOf(name.text), kind: name.kind }),
    }))
  const age = wholeNumber(person.age, maxAge(person.ageUnit))
  return filled({
    names,
    sex: person.sex,
    birth: edtfOf(person.birth, now),
    age:
      age === null
        ? null
        : {
            value: age,
            unit: person.ageUnit,
            as_of: `${dayOf(now)}~`,
            reckoning: person.reckoning || ('unknown' as const),
          },
    minor:
      age === null
        ? minorByBirth(person.birth, now)
        : minorByAge(age, person.ageUnit, person.reckoning),
    nationality: person.nationality === '' ? [] : [person.nationality],
    origin_place: text(person.originPlace),
    ethnicity: text(person.ethnicity),
    risk_flags: [...person.riskFlags],
    medical: text(person.medical),
    status: person.status,
  })
}

const eventOf = (draft: Draft, now: Date) =>
  filled({
    when_text: text(draft.when),
    detained_when: edtfOf(draft.whenDate, now),
    last_contact: edtfOf(draft.lastContact, now),
    where_taken: place(draft.where, draft.whereCountry),
    held_where: place(draft.held, draft.heldCountry),
    transfers: draft.transfers.flatMap(
      (transfer) =>
        filled({
          when: edtfOf(transfer.when, now),
          from: place(transfer.from),
          to: place(transfer.to),
        }) ?? [],
    ),
    how_taken: draft.howTaken,
    authority: [...draft.authority],
    authority_text: text(draft.authorityText),
    warrant: draft.warrant,
    reasons_given: text(draft.reasons),
    acknowledged: draft.acknowledged,
    return_risk: filled({
      to_country: draft.returnCountry,
      expected: edtfOf(draft.returnWhen, now),
      basis: text(draft.returnBasis),
    }),
    companions: wholeNumber(draft.companions, maxCount),
    guides_held: wholeNumber(draft.guides, maxCount),
  })

const stepsOf = (draft: Draft, now: Date) =>
  filled({
    actions: draft.steps.map((step) => ({
      action: step.action,
      ...filled({ when: edtfOf(step.when, now), result: text(step.result) }),
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

const consentRecipientsOf = (draft: Draft) =>
  Object.keys(draft.consent) as (keyof Draft['consent'])[]

/**
 * What the reducer can make of a draft becomes a tip that `serializeTip` takes, as long as the
 * narrative is not blank. `attachments` are the sealer's to fill in.
 *
 * @param now for "today", and for how old someone is
 */
export function tipFromDraft(draft: Draft, language: Language, now: Date): DetentionTip {
  return {
    narrative: draft.narrative,
    ...filled({
      lang: language,
      topic: draft.topic,
      urgent_now: draft.urgent,
      people_count: filled({
        min: wholeNumber(draft.atLeast, maxCount),
        max: wholeNumber(draft.atMost, maxCount),
      }),
      persons: draft.persons.flatMap((person) => personOf(person, now) ?? []),
      event: eventOf(draft, now),
      steps: stepsOf(draft, now),
      source: sourceOf(draft),
      consent: consentRecipientsOf(draft).map((recipient) => ({
        recipient,
        level: draft.consent[recipient],
      })),
      consent_meta: filled({
        given_by: text(draft.givenBy),
        family_agrees: draft.familyAgrees,
        detainee_wish: text(draft.wish),
        text_version: consentTextVersion,
        date: `${dayOf(now)}~`,
      }),
    }),
  }
}
