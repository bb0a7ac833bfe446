import { addDays } from '../time/day.ts'
import type { Day } from '../time/day.ts'
import type { Keyring, RecipientEntry, SignerEntry, SignerPurpose } from './keyring.ts'

// Apart from the keyring's schema, which is too heavy for the page.

export type Validity = Pick<RecipientEntry, 'valid_from' | 'valid_until' | 'retired'>

/** The recipients a tip is sealed to on this day. */
export function recipientsOn(keyring: Keyring, day: Day): RecipientEntry[] {
  return keyring.recipients.filter((entry) => isActiveOn(entry, day))
}

export function signersOn(keyring: Keyring, purpose: SignerPurpose, day: Day): SignerEntry[] {
  return keyring.signers.filter((entry) => entry.purpose === purpose && isActiveOn(entry, day))
}

/** `valid_from` and `valid_until` are inclusive; `retired` is the first day it counts no more. */
export function isActiveOn(entry: Validity, day: Day): boolean {
  if (day < entry.valid_from) return false
  if (entry.valid_until !== null && day > entry.valid_until) return false
  return entry.retired === null || day < entry.retired
}

/** The last day it counts, or null: as long as the keyring. */
export function lastDayOf({ valid_until, retired }: Validity): Day | null {
  const beforeRetired = retired === null ? null : addDays(retired, -1)
  if (beforeRetired === null || valid_until === null) return beforeRetired ?? valid_until
  return beforeRetired < valid_until ? beforeRetired : valid_until
}

/** Whether its last valid day is over. */
export function isExpired({ keyring }: { keyring: Keyring }, day: Day): boolean {
  return day > keyring.expires
}
