import type { EdtfRange } from '../../tip/edtf.ts'
import type { Day } from '../../time/day.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { PersonView, ReturnWindow } from '../files/case-view.ts'
import { addDays, daysBetween } from '../../time/day.ts'
import type { WindowRule } from './windows.ts'

/** What the rules ask of a tip. Null everywhere: not known. */
export interface CaseFacts {
  today: Day
  /** Earliest day of the detention. */
  earliest: Day | null
  /** Every person named is known to be back, free or dead. */
  isOver: boolean
  /** Somebody says people were sent back, and it is not known of all. */
  returnReported: boolean
  /** Why they may be sent back; empty: nothing says so. */
  returnRisks: string[]
  /** They are on their way, or were. */
  isMoving: boolean
  /** Earliest day on which a return is expected. */
  expected: Day | null
  window: ReturnWindow | null
  vulnerabilities: { code: string; text: string }[]
}

const ended = ['returned', 'released', 'dead']

export function gatherFacts(
  tip: DetentionTip | null,
  persons: readonly PersonView[],
  today: Day,
  windows: readonly WindowRule[],
): CaseFacts {
  const statuses = persons.map(({ person }) => person.status ?? 'unknown')
  const allEnded = persons.length > 0 && statuses.every((status) => ended.includes(status))
  const isOver =
    allEnded || (persons.length === 0 && (tip?.topic === 'returned' || tip?.topic === 'released'))
  const earliest = rangeOf(tip?.event?.detained_when)?.earliest ?? null
  const returnRisks = isOver ? [] : returnRisksOf(tip, persons)
  return {
    today,
    earliest,
    isOver,
    returnReported: !isOver && (tip?.topic === 'returned' || statuses.includes('returned')),
    returnRisks,
    isMoving: !isOver && (statuses.includes('moved') || (tip?.event?.transfers ?? []).length > 0),
    expected: rangeOf(tip?.event?.return_risk?.expected)?.earliest ?? null,
    window: returnRisks.length > 0 ? windowOf(tip, persons, earliest, today, windows) : null,
    vulnerabilities: vulnerabilitiesOf(persons),
  }
}

/**
 * Who holds them, as far as the tip says: the place where they are held, where they were taken, or
 * whose officers did it.
 */
export function custodyOf(tip: DetentionTip | null): string | null {
  const event = tip?.event
  const byAuthority = (event?.authority ?? [])
    .map((code) => ({ cn: 'CN', kp: 'KP' })[code.slice(0, 2)] ?? null)
    .find((country) => country !== null)
  return event?.held_where?.country ?? event?.where_taken?.country ?? byAuthority ?? null
}

function destinationOf(tip: DetentionTip | null, persons: readonly PersonView[]): string | null {
  const isNorthKorean = persons.some(({ person }) => person.nationality?.includes('KP') === true)
  return tip?.event?.return_risk?.to_country ?? (isNorthKorean ? 'KP' : null)
}

/** Said by the source, or plain from who is held by whom. */
function returnRisksOf(tip: DetentionTip | null, persons: readonly PersonView[]): string[] {
  const [custody, destination] = [custodyOf(tip), destinationOf(tip, persons)]
  const risks: string[] = []
  if (tip?.topic === 'return_feared') risks.push('the source fears a return by force')
  if (tip?.event?.return_risk)
    risks.push(`a return${destination === null ? '' : ` to ${destination}`} is said to be possible`)
  // North Koreans anywhere but in the two Koreas may be sent back.
  if (destination === 'KP' && custody !== null && custody !== 'KP' && custody !== 'KR')
    risks.push(`North Koreans held in ${custody} are sent back`)
  if (persons.some(({ person }) => person.risk_flags?.includes('contact_south_korea') === true))
    risks.push('contact with South Korea is punished after a return')
  return risks
}

function windowOf(
  tip: DetentionTip | null,
  persons: readonly PersonView[],
  earliest: Day | null,
  today: Day,
  windows: readonly WindowRule[],
): ReturnWindow | null {
  const [custody, destination] = [custodyOf(tip), destinationOf(tip, persons)]
  const rule = windows.find((each) => each.custody === custody && each.destination === destination)
  if (rule === undefined || earliest === null) return null
  const elapsedDays = daysBetween(earliest, today)
  return {
    ...rule,
    elapsedDays,
    leftDays: rule.days - elapsedDays,
    endsOn: addDays(earliest, rule.days),
  }
}

const flagTexts: Readonly<Record<string, string>> = {
  pregnant: 'somebody is pregnant',
  medical: 'somebody is ill',
  elderly: 'somebody is elderly',
  child_alone: 'a child is alone',
  contact_south_korea: 'somebody had contact with South Korea',
  previously_returned: 'somebody was sent back before',
}

function vulnerabilitiesOf(persons: readonly PersonView[]): CaseFacts['vulnerabilities'] {
  const found = new Map<string, string>()
  for (const { person, minor, elderly, age } of persons) {
    if (minor === 'yes')
      found.set(
        'MINOR',
        age === null
          ? 'a child'
          : `a child of ${age.min === age.max ? age.max : `${age.min} to ${age.max}`}`,
      )
    else if (minor === 'possible' && !found.has('MINOR')) found.set('MINOR', 'perhaps a child')
    if (elderly === 'yes') found.set('ELDERLY', 'somebody is elderly')
    for (const flag of person.risk_flags ?? [])
      if (flagTexts[flag] !== undefined) found.set(flag.toUpperCase(), flagTexts[flag])
  }
  return [...found].map(([code, text]) => ({ code, text }))
}

function rangeOf(text: string | null | undefined): EdtfRange | null {
  // A tip that passed its schema has no other dates.
  return text === null || text === undefined ? null : parseEdtf(text)
}
