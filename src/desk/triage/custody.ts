import type { DetentionTip } from '../../tip/schema.ts'
import type { PersonView } from '../files/case-view.ts'

/** States that punish people whom another state sends back to them. */
const punishing: readonly string[] = ['KP', 'CN']

/** Countries in which nationals of a state are not at risk of being sent back to it. */
const safeFor: Readonly<Record<string, readonly string[]>> = { KP: ['KP', 'KR'], CN: ['CN'] }

/**
 * The country that holds the persons, from the place where they are held, the place where they were
 * taken, or the authority whose officers took them. Null means unknown, never "not at risk".
 */
export function custodyOf(tip: DetentionTip | null): string | null {
  const event = tip?.event
  const byAuthority = (event?.authority ?? [])
    .map((code) => ({ cn: 'CN', kp: 'KP' })[code.slice(0, 2)] ?? null)
    .find((country) => country !== null)
  return event?.held_where?.country ?? event?.where_taken?.country ?? byAuthority ?? null
}

/** Nationalities of all persons; null when the nationality of any person is unknown. */
export function nationalitiesOf(
  persons: readonly PersonView[],
  peopleCount: number,
): readonly string[] | null {
  const each = persons.map(({ person }) => person.nationality ?? [])
  const isComplete = each.length >= peopleCount && each.every((codes) => codes.length > 0)
  return isComplete ? each.flat() : null
}

/**
 * States to which somebody may be sent back, either named by the source or known from the
 * nationality.
 */
export function destinationsOf(
  tip: DetentionTip | null,
  persons: readonly PersonView[],
): readonly string[] {
  const nationalities = persons.flatMap(({ person }) => person.nationality ?? [])
  const named = tip?.event?.return_risk?.to_country
  return [
    ...new Set([
      ...(named ? [named] : []),
      ...punishing.filter((country) => nationalities.includes(country)),
    ]),
  ]
}

/** Whether nationals of `country` held by `custody` may be sent back there. */
export function isSentBack(country: string, custody: string): boolean {
  return punishing.includes(country) && safeFor[country]?.includes(custody) !== true
}
