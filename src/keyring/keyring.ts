import { Type } from 'typebox'
import type { Static } from 'typebox'

import { isDay } from '../time/day.ts'
import { KeyringError } from './errors.ts'
import { maxKeyringBytes } from './bounds.ts'
import { recipientsOn, signerPurposes } from './in-force.ts'
import type { Validity } from './in-force.ts'
import { publicKeyProblem, recipientProblem } from './key-problems.ts'
import { formatJsonDocument, parseJsonDocument } from './json-document.ts'
import { nameKey, nameProblem } from './names.ts'

export { isActiveOn, recipientsOn, signerPurposes, signersOn } from './in-force.ts'
export type { SignerPurpose } from './in-force.ts'

/** Retired entries stay for the record, so this bounds the whole history. */
export const maxEntries = 256
/** Each takes one stanza: half of the 32 stanzas that an envelope's header may have. */
export const maxActiveRecipients = 16

const strict = { additionalProperties: false }
const NameField = Type.String({ minLength: 1, maxLength: 160 })
const DayField = Type.String({ minLength: 10, maxLength: 10 })
const DayOrNull = Type.Union([DayField, Type.Null()])
const validity = { valid_from: DayField, valid_until: DayOrNull, retired: DayOrNull }

/** A purpose of a later version: its entries are kept, and count for nothing here. */
const maxPurposeChars = 40

const RecipientEntrySchema = Type.Object(
  {
    name: NameField,
    role: NameField,
    recipient: Type.String({ maxLength: 4096 }),
    recipient_x25519: Type.String({ maxLength: 256 }),
    ...validity,
  },
  strict,
)

const SignerEntrySchema = Type.Object(
  {
    name: NameField,
    purpose: Type.String({ pattern: '^[a-z][a-z0-9_-]*$', maxLength: maxPurposeChars }),
    public_key: Type.String({ maxLength: 256 }),
    ...validity,
  },
  strict,
)

export const KeyringSchema = Type.Object(
  {
    format: Type.Literal('tumen-keyring'),
    version: Type.Literal(1),
    demo: Type.Boolean(),
    issued: DayField,
    expires: DayField,
    recipients: Type.Array(RecipientEntrySchema, { maxItems: maxEntries }),
    signers: Type.Array(SignerEntrySchema, { maxItems: maxEntries }),
  },
  strict,
)

export type RecipientEntry = Static<typeof RecipientEntrySchema>
export type SignerEntry = Static<typeof SignerEntrySchema>
/** The public keyring, as in `keyring.json`. `expires` is its last valid day. */
export type Keyring = Static<typeof KeyringSchema>

/**
 * Reads `keyring.json`. Does not check the signature; `loadKeyring` does.
 * @throws KeyringError `INVALID`, naming the field.
 */
export function parseKeyring(bytes: Uint8Array): Keyring {
  const keyring = parseJsonDocument(KeyringSchema, bytes, {
    what: 'keyring.json',
    maxBytes: maxKeyringBytes,
  })
  checkKeyring(keyring)
  return keyring
}

export function formatKeyring(keyring: Keyring): Uint8Array {
  return formatJsonDocument(keyring)
}

/**
 * Checks every rule that the schema cannot express.
 * @throws KeyringError `INVALID`, naming the field.
 */
export function checkKeyring(keyring: Keyring): void {
  checkDay(keyring.issued, 'issued')
  checkDay(keyring.expires, 'expires')
  if (keyring.expires < keyring.issued) throw invalid('expires', 'is before issued')
  keyring.recipients.forEach((entry, index) => checkRecipient(entry, `recipients[${index}]`))
  keyring.signers.forEach((entry, index) => checkSigner(entry, `signers[${index}]`))
  if (keyring.recipients.length + keyring.signers.length > maxEntries) {
    throw invalid('recipients', `and signers together are more than ${maxEntries}`)
  }
  checkUnique(keyring)
  checkActiveCount(keyring)
}

function checkRecipient(entry: RecipientEntry, field: string): void {
  checkText(entry.name, `${field}.name`)
  checkText(entry.role, `${field}.role`)
  refuseIf(recipientProblem(entry.recipient, 'hybrid'), `${field}.recipient`)
  refuseIf(recipientProblem(entry.recipient_x25519, 'x25519'), `${field}.recipient_x25519`)
  checkValidity(entry, field)
}

function checkSigner(entry: SignerEntry, field: string): void {
  checkText(entry.name, `${field}.name`)
  // The root signs the keyring; an entry of it would be mistaken for one.
  if (entry.purpose === 'root') throw invalid(`${field}.purpose`, 'is root: no entry signs that')
  // A purpose of a later version may have another kind of key.
  if (signerPurposes.some((purpose) => purpose === entry.purpose))
    refuseIf(publicKeyProblem(entry.public_key), `${field}.public_key`)
  checkValidity(entry, field)
}

function checkValidity(entry: Validity, field: string): void {
  checkDay(entry.valid_from, `${field}.valid_from`)
  if (entry.retired !== null) checkDay(entry.retired, `${field}.retired`)
  if (entry.valid_until === null) return
  checkDay(entry.valid_until, `${field}.valid_until`)
  if (entry.valid_until < entry.valid_from)
    throw invalid(`${field}.valid_until`, 'is before valid_from')
}

function checkUnique(keyring: Keyring): void {
  // A retired person may come back with a new key under the same name.
  const current = (entries: ReadonlyArray<{ name: string } & Validity>) =>
    entries.filter((entry) => entry.retired === null).map((entry) => nameKey(entry.name))
  refuseTwice(
    current(keyring.recipients),
    'recipients',
    'two people have the same name: retire one, or give one another name',
  )
  refuseTwice(
    current(keyring.signers),
    'signers',
    'two signers have the same name: retire one, or give one another name',
  )
  const keys = keyring.recipients.flatMap((entry) => [entry.recipient, entry.recipient_x25519])
  refuseTwice(keys, 'recipients', 'the same key appears twice')
  refuseTwice(
    keyring.signers.map((entry) => entry.public_key),
    'signers',
    'the same key appears twice',
  )
}

function checkActiveCount(keyring: Keyring): void {
  // The count can only rise on the first valid day of an entry.
  for (const { valid_from: day } of keyring.recipients) {
    if (recipientsOn(keyring, day).length <= maxActiveRecipients) continue
    throw invalid('recipients', `more than ${maxActiveRecipients} are valid on ${day}: retire some`)
  }
}

function checkText(text: string, field: string): void {
  refuseIf(nameProblem(text), field)
}

function checkDay(text: string, field: string): void {
  if (!isDay(text)) throw invalid(field, 'is not a day of the calendar: write YYYY-MM-DD')
}

function refuseTwice(values: readonly string[], field: string, problem: string): void {
  if (new Set(values).size !== values.length) throw invalid(field, problem)
}

function refuseIf(problem: string | null, field: string): void {
  if (problem !== null) throw invalid(field, problem)
}

function invalid(field: string, problem: string): KeyringError {
  return new KeyringError('INVALID', `keyring.json: ${field} ${problem}`)
}
