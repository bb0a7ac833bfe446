import type { EdtfRange } from '../../tip/edtf.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Day } from '../../time/day.ts'
import { addDays, daysBetween } from '../../time/day.ts'
import type { PersonView, ReturnWindow, TriageReason } from '../files/case-view.ts'
import { custodyOf, destinationsOf, isSentBack, nationalitiesOf } from './custody.ts'
import { koreanInChinaHint, returnHint } from './hints.ts'
import { vulnerabilitiesOf } from './vulnerabilities.ts'
import type { WindowRule } from './windows.ts'

/** The facts of a tip that the triage rules use. Null always means "not known", never "no". */
export interface CaseFacts {
  today: Day
  /** Earliest and latest day of the detention. A date in the future counts as unknown. */
  earliest: Day | null
  latest: Day | null
  /** Whether everybody the tip mentions is known to be back, free or dead. */
  isOver: boolean
  /** Whether a return is reported, although not everybody is known to have been returned. */
  isReturnReported: boolean
  /**
   * Why the persons may be sent back: statements of the tip, missing facts, and hints. Empty only
   * when custody and every nationality are known and nothing suggests a return.
   */
  returnRisks: TriageReason[]
  /** Whether the persons are being moved, or were moved. */
  isMoving: boolean
  /** Range of days in which the source expects a return. */
  expected: EdtfRange | null
  window: ReturnWindow | null
  vulnerabilities: TriageReason[]
}

export interface FactsInput {
  tip: DetentionTip | null
  persons: readonly PersonView[]
  /** The least number of people the tip may refer to, including people it does not describe. */
  peopleCount: number
  today: Day
  windows: readonly WindowRule[]
}

const ended = ['returned', 'released', 'dead']

export function gatherFacts(input: FactsInput): CaseFacts {
  const { tip, persons, today } = input
  const statuses = persons.map(({ person }) => person.status ?? null)
  const isOver = isEverybodyOut(input, statuses)
  const detained = rangeOf(tip?.event?.detained_when)
  const earliest = isFuture(detained, today) ? null : earlier(detained?.earliest ?? null, today)
  const returnRisks = isOver ? [] : returnRisksOf(input)
  return {
    today,
    earliest,
    latest: earliest === null ? null : (detained?.latest ?? null),
    isOver,
    isReturnReported: !isOver && isReturnReported(tip, statuses),
    returnRisks,
    isMoving: !isOver && (statuses.includes('moved') || (tip?.event?.transfers ?? []).length > 0),
    expected: isOver ? null : rangeOf(tip?.event?.return_risk?.expected),
    window: returnRisks.length === 0 || earliest === null ? null : windowOf(input, earliest),
    vulnerabilities: vulnerabilitiesOf(persons),
  }
}

/** A tip from a time zone east of Greenwich may be dated tomorrow; a later date is a mistake. */
export function isFuture(range: EdtfRange | null, today: Day): boolean {
  return range !== null && range.earliest !== null && range.earliest > addDays(today, 1)
}

type Statuses = readonly (string | null)[]

/** People who are counted but not described may still be held. */
function isEverybodyOut({ tip, peopleCount }: FactsInput, statuses: Statuses): boolean {
  // A release that the source reports applies to every person without a status of their own.
  if (tip?.topic === 'released')
    return statuses.every((status) => status === null || ended.includes(status))
  return (
    statuses.length > 0 &&
    statuses.length >= peopleCount &&
    statuses.every((status) => status !== null && ended.includes(status))
  )
}

function isReturnReported(tip: DetentionTip | null, statuses: Statuses): boolean {
  const { where_taken, held_where } = tip?.event ?? {}
  const isHeldInNorthKorea =
    held_where?.country === 'KP' && Boolean(where_taken?.country) && where_taken?.country !== 'KP'
  return tip?.topic === 'returned' || statuses.includes('returned') || isHeldInNorthKorea
}

function returnRisksOf(input: FactsInput): TriageReason[] {
  const { tip, persons, peopleCount } = input
  const custody = custodyOf(tip)
  const said = saidRisks(tip, persons, custody).map((text) => ({ code: 'RETURN_RISK', text }))
  const unknown = [
    ...(custody === null
      ? [{ code: 'CUSTODY_UNKNOWN', text: 'nobody said which country holds them' }]
      : []),
    ...(nationalitiesOf(persons, peopleCount) === null
      ? [{ code: 'NATIONALITY_UNKNOWN', text: 'the nationality of somebody is not known' }]
      : []),
  ]
  return [...said, ...hintsOf(input), ...unknown]
}

/**
 * Risks that the source states, or that follow from the nationality of the persons and the country
 * that holds them.
 */
function saidRisks(
  tip: DetentionTip | null,
  persons: readonly PersonView[],
  custody: string | null,
): string[] {
  const destinations = destinationsOf(tip, persons)
  const risks: string[] = []
  if (tip?.topic === 'return_feared') risks.push('the source fears a return by force')
  if (tip?.event?.return_risk) {
    const to = tip.event.return_risk.to_country ?? destinations[0]
    risks.push(`a return${to === undefined ? '' : ` to ${to}`} is said to be possible`)
  }
  for (const country of destinations)
    if (custody !== null && isSentBack(country, custody))
      risks.push(`people of ${country} held in ${custody} are sent back`)
  if (persons.some(({ person }) => person.risk_flags?.includes('contact_south_korea') === true))
    risks.push('contact with South Korea is punished after a return')
  return risks
}

function hintsOf({ tip, persons, peopleCount }: FactsInput): TriageReason[] {
  const isUnknown = nationalitiesOf(persons, peopleCount) === null
  const hints = [returnHint(tip), isUnknown ? koreanInChinaHint(tip) : null]
  return hints.filter((hint) => hint !== null)
}

/** Of all windows that may apply, the one that ends first. */
function windowOf(input: FactsInput, earliest: Day): ReturnWindow | null {
  const { tip, persons, today, windows } = input
  const custody = custodyOf(tip)
  const pairs = destinationsOf(tip, persons).map((destination) => ({ custody, destination }))
  if (hintsOf(input).some(({ code }) => code === 'HINT_KOREAN_IN_CHINA'))
    pairs.push({ custody: 'CN', destination: 'KP' })
  const [rule] = windows
    .filter((each) =>
      pairs.some((pair) => pair.custody === each.custody && pair.destination === each.destination),
    )
    .sort((one, other) => one.days - other.days)
  if (rule === undefined) return null
  const elapsedDays = daysBetween(earliest, today)
  return {
    ...rule,
    elapsedDays,
    leftDays: rule.days - elapsedDays,
    endsOn: addDays(earliest, rule.days),
  }
}

function earlier(one: Day | null, other: Day): Day | null {
  return one === null ? null : one < other ? one : other
}

function rangeOf(text: string | null | undefined): EdtfRange | null {
  // Dates of a tip that passed its schema can always be parsed.
  return text === null || text === undefined ? null : parseEdtf(text)
}
