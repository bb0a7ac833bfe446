import { addDays } from '../time/day.ts'
import type { Day } from '../time/day.ts'
import { isActiveOn, isExpired, lastDayOf } from './in-force.ts'
import type { Keyring, RecipientEntry, SignerEntry } from './keyring.ts'
import { nameKey } from './names.ts'

/** Long enough to hold a ceremony. */
export const warnDays = 30
/** As long as a keyring is made for: at each ceremony everybody gets a new key. */
const maxKeyAgeDays = 365

/**
 * `ends`: nobody of that name is in force after. `overlap`: an old key still counts beside the new
 * one.
 */
export type AdviceCode = 'expires' | 'ends' | 'old' | 'overlap'

export interface Advice {
  readonly code: AdviceCode
  /** Null when it is about the keyring. */
  readonly name: string | null
  readonly text: string
}

type Entry = RecipientEntry | SignerEntry

/** What somebody should do about the keyring in the next days; nothing when all is well. */
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
      text: `the keyring is valid until ${keyring.expires} only: sign it anew, with --expires DAY`,
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
      `the old key counts until ${last}; keep its identity to open what was sealed to it`,
    )
  if (last !== null && last <= addDays(day, warnDays))
    return say(
      'ends',
      `counts until ${last} and nobody follows: rotate soon (tumen keyring rotate NAME CARD)`,
    )
  if (entry.valid_from < addDays(day, -maxKeyAgeDays))
    return say(
      'old',
      `in force since ${entry.valid_from}, over a year: rotate at the next ceremony`,
    )
  return []
}
