import { addDays } from '../time/day.ts'
import type { Day } from '../time/day.ts'
import { isActiveOn, isExpired, lastDayOf } from './in-force.ts'
import type { Keyring, RecipientEntry, SignerEntry } from './keyring.ts'
import { nameKey } from './names.ts'

/** Long enough to hold a ceremony. */
export const warnDays = 30
/** Keys older than one keyring lifetime: every ceremony should issue new ones. */
const maxKeyAgeDays = 365

/**
 * `ends`: the name has no key in force after that day. `overlap`: an old key is still in force next
 * to the new one.
 */
export type AdviceCode = 'expires' | 'ends' | 'old' | 'overlap'

export interface Advice {
  readonly code: AdviceCode
  /** The name of the entry; null if the advice is about the keyring. */
  readonly name: string | null
  readonly text: string
}

type Entry = RecipientEntry | SignerEntry

/** What should be done about the keyring in the next days; empty if nothing. */
export function adviseOn(keyring: Keyring, day: Day): Advice[] {
  const soon = addDays(day, warnDays)
  const about = (entries: readonly Entry[]) =>
    entries
      .filter((entry) => isActiveOn(entry, day))
      .flatMap((entry) => adviseAbout(entry, entries, day))
  return [
    ...adviseOnEnd(keyring, day, soon),
    ...about(keyring.recipients),
    ...about(keyring.signers),
  ]
}

function adviseOnEnd(keyring: Keyring, day: Day, soon: Day): Advice[] {
  if (isExpired({ keyring }, day) || keyring.expires > soon) return []
  return [
    {
      code: 'expires',
      name: null,
      text: `the keyring is only valid until ${keyring.expires}: sign it again, with --expires DAY`,
    },
  ]
}

function adviseAbout(entry: Entry, all: readonly Entry[], day: Day): Advice[] {
  const { name } = entry
  const last = lastDayOf(entry)
  const others = all.filter((other) => other !== entry && nameKey(other.name) === nameKey(name))
  const isFollowed = last !== null && others.some((other) => isActiveOn(other, addDays(last, 1)))
  const say = (code: AdviceCode, text: string) => [{ code, name, text: `${name}: ${text}` }]
  if (isFollowed)
    return say(
      'overlap',
      `the old key is in force until ${last}; keep its identity to open tips sealed to it`,
    )
  if (last !== null && last <= addDays(day, warnDays))
    return say(
      'ends',
      `in force until ${last} and has no successor: rotate soon (tumen keyring rotate NAME CARD)`,
    )
  if (entry.valid_from < addDays(day, -maxKeyAgeDays))
    return say(
      'old',
      `in force since ${entry.valid_from}, for over a year: rotate at the next ceremony`,
    )
  return []
}
