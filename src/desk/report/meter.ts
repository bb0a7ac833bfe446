import { dayOfInstant, daysBetween } from '../../time/day.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { Place } from '../../tip/event.ts'
import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import { isLatin } from '../exports/names.ts'
import type { Submitter } from './submitter.ts'
import type { UnForm } from './un-case.ts'

/**
 * The six items that the Working Group on Enforced or Involuntary Disappearances needs to take a
 * case, in its order: minimum elements (a) to (f) in fiacat.org, "Submission of allegations to the
 * Working group …". That a month is enough for the date is from the copy of its form at
 * rightsupdate.blogspot.in/p/action.html.
 */
export const neededItems = ['name', 'date', 'place', 'forces', 'steps', 'submitter'] as const
export type NeededItem = (typeof neededItems)[number]

export interface Meter {
  /** For the analyst only, like `UnForm.at`. */
  at: UnForm['at']
  ref: string
  missing: NeededItem[]
  /** Whether the detention was within three months of today; `unclear` if the date is vague. */
  urgent: 'yes' | 'no' | 'unclear'
  /** Advice about what would help but is not needed. */
  advice: ('NOT_MISSING' | 'NO_SUMMARY' | 'SUMMARY_NOT_LATIN')[]
}

/** @param today `YYYY-MM-DD`. */
export function meterOf(
  { disclosed, person, at }: UnForm,
  submitter: Submitter | null,
  today: string,
): Meter {
  const { event, steps } = disclosed
  const there: Record<NeededItem, boolean> = {
    name: person.names.some(({ kind, text }) => kind !== 'nickname' && isLatin(text)),
    date: hasMonth(event?.detained_when),
    place: isPlace(event?.where_taken) || isPlace(event?.held_where),
    forces:
      (event?.authority ?? []).some((code) => code !== 'unknown' && code !== 'other') ||
      (typeof event?.authority_text === 'string' && isLatin(event.authority_text)),
    steps: (steps?.actions ?? []).length > 0,
    submitter: submitter !== null,
  }
  return {
    at,
    ref: person.ref,
    missing: neededItems.filter((item) => !there[item]),
    urgent: urgency(event?.detained_when, today),
    advice: adviceOf(disclosed, person),
  }
}

/** Whether month and year are known. */
function hasMonth(when: string | null | undefined): boolean {
  if (when === null || when === undefined) return false
  const { earliest, latest } = parseEdtf(when)
  return (
    earliest !== null &&
    latest !== null &&
    (earliest.slice(0, 7) === latest.slice(0, 7) || daysBetween(earliest, latest) <= 31)
  )
}

/** A country alone is not a place of arrest, and Geneva needs Latin letters. */
function isPlace(place: Place | null | undefined): boolean {
  return [place?.text, place?.admin].some((text) => typeof text === 'string' && isLatin(text))
}

function adviceOf({ narrative }: Disclosed, person: DisclosedPerson): Meter['advice'] {
  const advice: Meter['advice'] = []
  if (person.status === 'released' || person.status === 'dead') advice.push('NOT_MISSING')
  if (narrative === null) advice.push('NO_SUMMARY')
  else if (!isLatin(narrative)) advice.push('SUMMARY_NOT_LATIN')
  return advice
}

/**
 * The urgent procedure is for the three months before the report (ohchr.org, "Reporting a
 * disappearance to the Working Group").
 */
function urgency(when: string | null | undefined, today: string): Meter['urgent'] {
  const { earliest, latest } =
    when === null || when === undefined ? { earliest: null, latest: null } : parseEdtf(when)
  const limit = threeMonthsBefore(today)
  if (earliest !== null && earliest >= limit) return 'yes'
  return latest !== null && latest < limit ? 'no' : 'unclear'
}

/** The same day of the month three months earlier, or the last day of that month. */
function threeMonthsBefore(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 3, 0)).getUTCDate()
  return dayOfInstant(new Date(Date.UTC(year, month - 4, Math.min(date, last))))
}

/** Path prefixes where the source may have given an item in words that nobody confirmed. */
const needed: Readonly<Partial<Record<NeededItem, (index: number) => string>>> = {
  name: (index) => `persons.${index}.names.`,
  place: () => 'event.where_taken.',
  forces: () => 'event.authority_text',
}

/** What to do about a missing item, for the analyst's screen. */
export function wayOut(item: NeededItem, at: UnForm['at']): string {
  const { id, index, names, placeInLatin, confirmable } = at
  const set = (field: string, value: string) => `tumen case set ${id} ${field} ${value}`
  const told = confirmable.find((path) => path.startsWith(needed[item]?.(index) ?? '\n'))
  if (told !== undefined) return `read it, then: tumen case confirm ${id} ${told}`
  switch (item) {
    case 'name':
      return `in Latin letters: ${set(`persons.${index}.names.${names}.text`, 'NAME')}`
    case 'date':
      return set('event.detained_when', '2017-11')
    case 'place':
      return placeInLatin === null
        ? `in Latin letters: ${set('event.where_taken.text', 'PLACE')}`
        : `in Latin letters, if that is the place: ${set('event.where_taken.text', JSON.stringify(placeInLatin))}`
    case 'forces':
      return `in Latin letters: ${set('event.authority_text', 'WHO')}`
    case 'steps':
      return `${set('steps.actions.0.action', 'none_unsafe')} (or embassy, police, lawyer …)`
    case 'submitter':
      return 'name your organisation in submitter.txt in the casebook, or with --submitter FILE'
  }
}

export function adviceText(advice: Meter['advice'][number], { id }: UnForm['at']): string {
  switch (advice) {
    case 'NOT_MISSING':
      return 'the person is said to be released or dead: the group looks for people whose fate is not known'
    case 'NO_SUMMARY':
      return `the circumstances are blank: write them in your own words: tumen case set ${id} narrative "WHAT HAPPENED"`
    case 'SUMMARY_NOT_LATIN':
      return `Geneva cannot read the circumstances: write them in English, French or Spanish: tumen case set ${id} narrative "WHAT HAPPENED"`
  }
}
