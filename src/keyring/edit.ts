import type { Card } from './card.ts'
import { addDays, isDay } from '../time/day.ts'
import type { Day } from '../time/day.ts'
import { KeyringError } from './errors.ts'
import { fingerprintGroups, recipientDigest, signerDigest } from './fingerprint.ts'
import { checkKeyring } from './keyring.ts'
import type { Keyring, RecipientEntry, SignerEntry } from './keyring.ts'
import { nameKey } from './names.ts'

/** All functions here return a new, checked keyring and do not change the given one. */

export function createKeyring(options: { day: Day; expires: Day; demo?: boolean }): Keyring {
  const { day, expires, demo = false } = options
  return checked({
    format: 'tumen-keyring',
    version: 1,
    demo,
    issued: day,
    expires,
    recipients: [],
    signers: [],
  })
}

export interface CardValidity {
  readonly validFrom: Day
  readonly validUntil: Day | null
}

/** @throws KeyringError `EXISTS` if the name or key is in the keyring, `INVALID` otherwise. */
export function addCard(keyring: Keyring, card: Card, validity: CardValidity): Keyring {
  return card.kind === 'recipient'
    ? addRecipient(keyring, card, validity)
    : addSigner(keyring, card, validity)
}

/** @throws KeyringError `EXISTS` or `INVALID`. */
export function addRecipient(
  keyring: Keyring,
  card: Card & { kind: 'recipient' },
  validity: CardValidity,
): Keyring {
  const { name, role, recipient, recipient_x25519 } = card
  refuseSameName(keyring.recipients, name)
  if (keyring.recipients.some((entry) => entry.recipient === recipient))
    throw exists(name, 'this key is in the keyring already')
  const entry = { name, role, recipient, recipient_x25519, ...validityFields(validity) }
  return checked({ ...keyring, recipients: [...keyring.recipients, entry] })
}

/** @throws KeyringError `EXISTS` or `INVALID`. */
export function addSigner(
  keyring: Keyring,
  card: Card & { kind: 'signer' },
  validity: CardValidity,
): Keyring {
  const { name, purpose, public_key } = card
  if (purpose === 'root') {
    throw new KeyringError(
      'INVALID',
      `${name}: a root key signs the keyring and is not an entry of it: give it to "tumen keyring init --root-pub"`,
    )
  }
  refuseSameName(keyring.signers, name)
  if (keyring.signers.some((entry) => entry.public_key === public_key))
    throw exists(name, 'this key is in the keyring already')
  const entry = { name, purpose, public_key, ...validityFields(validity) }
  return checked({ ...keyring, signers: [...keyring.signers, entry] })
}

/** Identifies an entry of a keyring by its name and, if two keys share it, by fingerprint. */
export interface Meant {
  readonly name: string
  /** The first group of the key's fingerprint; null when the name is enough. */
  readonly firstGroup?: string | null
}

/**
 * Retires the recipient and the signer of a name. `on` is the first day on which they no longer
 * count. While an old and a new key overlap, `firstGroup` chooses one. A key that is to be retired
 * later may be retired earlier.
 * @throws KeyringError `NOT_FOUND` if the name has no key in force, `INVALID` if it has two.
 */
export function retire(keyring: Keyring, meant: string | Meant, on: Day): Keyring {
  if (!isDay(on))
    throw new KeyringError('INVALID', `${on} is not a day of the calendar: write YYYY-MM-DD`)
  const { name, firstGroup = null } = typeof meant === 'string' ? { name: meant } : meant
  const isMeant = (entry: RecipientEntry | SignerEntry) =>
    (entry.retired === null || entry.retired > on) &&
    nameKey(entry.name) === nameKey(name) &&
    (firstGroup === null || firstGroupOf(entry) === firstGroup)
  const [recipients, signers] = [
    keyring.recipients.filter(isMeant),
    keyring.signers.filter(isMeant),
  ]
  if (recipients.length + signers.length === 0) {
    throw new KeyringError(
      'NOT_FOUND',
      `nobody named ${JSON.stringify(name)} is in force: see "tumen keyring show"`,
    )
  }
  if (recipients.length > 1 || signers.length > 1) {
    const choices = [...recipients, ...signers].map((entry) => firstGroupOf(entry)).join(' or ')
    throw new KeyringError(
      'INVALID',
      `two keys of ${JSON.stringify(name)} are in force: say which, with the first group of its fingerprint (--key ${choices})`,
    )
  }
  const retireMeant = <E extends RecipientEntry | SignerEntry>(entry: E): E =>
    isMeant(entry) ? { ...entry, retired: on } : entry
  return checked({
    ...keyring,
    recipients: keyring.recipients.map(retireMeant),
    signers: keyring.signers.map(retireMeant),
  })
}

/**
 * Replaces a key. The card is in force from `day`, the old key until the end of the overlap, so
 * that tips sealed with a copy of the older keyring can still be opened. Without an overlap the old
 * key ends at once.
 * @throws KeyringError `NOT_FOUND`, `EXISTS` or `INVALID`.
 */
export function rotate(
  keyring: Keyring,
  card: Card,
  options: { day: Day; overlapDays: number; validUntil: Day | null },
): Keyring {
  const { day, overlapDays, validUntil } = options
  const isMeant = (entry: RecipientEntry | SignerEntry) =>
    entry.retired === null && nameKey(entry.name) === nameKey(card.name)
  const found =
    card.kind === 'recipient' ? keyring.recipients.find(isMeant) : keyring.signers.find(isMeant)
  if (found === undefined)
    throw new KeyringError(
      'NOT_FOUND',
      `there is no key of ${JSON.stringify(card.name)} in force to replace: use "tumen keyring add"`,
    )
  const end = <E extends RecipientEntry | SignerEntry>(entry: E): E =>
    (entry as object) === found ? { ...entry, retired: addDays(day, overlapDays) } : entry
  const ending = {
    ...keyring,
    recipients: keyring.recipients.map(end),
    signers: keyring.signers.map(end),
  }
  return addCard(ending, card, { validFrom: day, validUntil })
}

/** The first five digits of an entry's fingerprint. */
export function firstGroupOf(entry: RecipientEntry | SignerEntry): string {
  return fingerprintGroups(
    'recipient' in entry ? recipientDigest(entry) : signerDigest(entry),
  ).slice(0, 5)
}

/** Issues the keyring again on `day`, valid through `expires`. @throws KeyringError `INVALID` */
export function extend(keyring: Keyring, options: { day: Day; expires: Day }): Keyring {
  return checked({ ...keyring, issued: options.day, expires: options.expires })
}

function validityFields({ validFrom, validUntil }: CardValidity) {
  return { valid_from: validFrom, valid_until: validUntil, retired: null }
}

function refuseSameName(
  entries: ReadonlyArray<{ name: string; retired: Day | null }>,
  name: string,
): void {
  const isTaken = entries.some(
    (entry) => entry.retired === null && nameKey(entry.name) === nameKey(name),
  )
  if (isTaken)
    throw exists(
      name,
      'somebody of this name is in force: retire them first, or choose another name',
    )
}

function exists(name: string, why: string): KeyringError {
  return new KeyringError('EXISTS', `${name}: ${why}`)
}

function checked(keyring: Keyring): Keyring {
  checkKeyring(keyring)
  return keyring
}
