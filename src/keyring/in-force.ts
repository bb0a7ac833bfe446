import { addDays } from '../time/day.ts'
import type { Day } from '../time/day.ts'

// Imports nothing of the keyring's schema, which is too heavy for the page.

/** The days on which an entry of the keyring is in force. */
export interface Validity {
  valid_from: Day
  valid_until: Day | null
  retired: Day | null
}

/** The recipients a tip is sealed to on this day. */
export function recipientsOn<Entry extends Validity>(
  keyring: { recipients: readonly Entry[] },
  day: Day,
): Entry[] {
  return keyring.recipients.filter((entry) => isActiveOn(entry, day))
}

export const signerPurposes = ['export', 'acknowledgement'] as const
export type SignerPurpose = (typeof signerPurposes)[number]

/**
 * The signers of one purpose that are in force on this day. Entries with a purpose of a later
 * version are never among them.
 */
export function signersOn<Entry extends Validity & { purpose: string }>(
  keyring: { signers: readonly Entry[] },
  purpose: SignerPurpose,
  day: Day,
): Entry[] {
  return keyring.signers.filter((entry) => entry.purpose === purpose && isActiveOn(entry, day))
}

/**
 * `valid_from` and `valid_until` are inclusive; `retired` is the first day that no longer counts.
 */
export function isActiveOn(entry: Validity, day: Day): boolean {
  if (day < entry.valid_from) return false
  if (entry.valid_until !== null && day > entry.valid_until) return false
  return entry.retired === null || day < entry.retired
}

/** The last day on which the entry counts, or null if only the keyring's `expires` bounds it. */
export function lastDayOf({ valid_until, retired }: Validity): Day | null {
  const beforeRetired = retired === null ? null : addDays(retired, -1)
  if (beforeRetired === null || valid_until === null) return beforeRetired ?? valid_until
  return beforeRetired < valid_until ? beforeRetired : valid_until
}

/** Whether the keyring's last valid day is over. */
export function isExpired({ keyring }: { keyring: { expires: Day } }, day: Day): boolean {
  return day > keyring.expires
}

/** The first day after `day` on which a recipient is in force, or null when there is none. */
export function firstDayAfter(keyring: { recipients: readonly Validity[] }, day: Day): Day | null {
  const days = keyring.recipients
    .map(({ valid_from }) => valid_from)
    .filter((from) => from > day && recipientsOn(keyring, from).length > 0)
  return days.toSorted()[0] ?? null
}
