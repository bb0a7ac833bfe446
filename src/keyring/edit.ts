import type { Card } from './card.ts'
import { isDay } from './day.ts'
import type { Day } from './day.ts'
import { KeyringError } from './errors.ts'
import { checkKeyring } from './keyring.ts'
import type { Keyring } from './keyring.ts'
import { nameKey } from './names.ts'

/** All of these return a new, checked keyring and leave the given one alone. */

export function createKeyring(options: { day: Day; expires: Day; demo?: boolean }): Keyring {
  const { day, expires, demo = false } = options
  return checked({ format: 'tumen-keyring', version: 1, demo, issued: day, expires, recipients: [], signers: [] })
}

export interface CardValidity {
  readonly validFrom: Day
  readonly validUntil: Day | null
}

/** @throws KeyringError `EXISTS` for a name or key that is there, `INVALID` for a rule broken. */
export function addCard(keyring: Keyring, card: Card, validity: CardValidity): Keyring {
  return card.kind === 'recipient' ? addRecipient(keyring, card, validity) : addSigner(keyring, card, validity)
}

/** @throws KeyringError `EXISTS` or `INVALID`. */
export function addRecipient(keyring: Keyring, card: Card & { kind: 'recipient' }, validity: CardValidity): Keyring {
  const { name, role, recipient, recipient_x25519 } = card
  refuseSameName(keyring.recipients, name)
  if (keyring.recipients.some((entry) => entry.recipient === recipient)) throw exists(name, 'this key is in the keyring already')
  const entry = { name, role, recipient, recipient_x25519, ...validityFields(validity) }
  return checked({ ...keyring, recipients: [...keyring.recipients, entry] })
}

/** @throws KeyringError `EXISTS` or `INVALID`. */
export function addSigner(keyring: Keyring, card: Card & { kind: 'signer' }, validity: CardValidity): Keyring {
  const { name, purpose, public_key } = card
  if (purpose === 'root') {
    throw new KeyringError('INVALID', `${name}: a root key signs the keyring and does not stand in it: give it to "tumen keyring init --root-pub"`)
  }
  refuseSameName(keyring.signers, name)
  if (keyring.signers.some((entry) => entry.public_key === public_key)) throw exists(name, 'this key is in the keyring already')
  const entry = { name, purpose, public_key, ...validityFields(validity) }
  return checked({ ...keyring, signers: [...keyring.signers, entry] })
}

/**
 * Retires whoever has the name, as a recipient and as a signer, from `on`: the first day it counts no more.
 * @throws KeyringError `NOT_FOUND` when nobody of that name is in force.
 */
export function retire(keyring: Keyring, name: string, on: Day): Keyring {
  if (!isDay(on)) throw new KeyringError('INVALID', `${on} is not a day of the calendar: write YYYY-MM-DD`)
  const wanted = nameKey(name)
  const isMeant = (entry: { name: string; retired: Day | null }) => entry.retired === null && nameKey(entry.name) === wanted
  if (![...keyring.recipients, ...keyring.signers].some(isMeant)) {
    throw new KeyringError('NOT_FOUND', `nobody named ${JSON.stringify(name)} is in force: see "tumen keyring show"`)
  }
  const retireMeant = <E extends { name: string; retired: Day | null }>(entry: E): E =>
    isMeant(entry) ? { ...entry, retired: on } : entry
  return checked({ ...keyring, recipients: keyring.recipients.map(retireMeant), signers: keyring.signers.map(retireMeant) })
}

/** Issues the keyring anew on `day`, valid through `expires`. @throws KeyringError `INVALID` */
export function extend(keyring: Keyring, options: { day: Day; expires: Day }): Keyring {
  return checked({ ...keyring, issued: options.day, expires: options.expires })
}

function validityFields({ validFrom, validUntil }: CardValidity) {
  return { valid_from: validFrom, valid_until: validUntil, retired: null }
}

function refuseSameName(entries: ReadonlyArray<{ name: string; retired: Day | null }>, name: string): void {
  const isTaken = entries.some((entry) => entry.retired === null && nameKey(entry.name) === nameKey(name))
  if (isTaken) throw exists(name, 'somebody of this name is in force: retire them first, or choose another name')
}

function exists(name: string, why: string): KeyringError {
  return new KeyringError('EXISTS', `${name}: ${why}`)
}

function checked(keyring: Keyring): Keyring {
  checkKeyring(keyring)
  return keyring
}
