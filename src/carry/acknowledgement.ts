import { Type } from 'typebox'
import { Check } from 'typebox/schema'
import type { Day } from '../time/day.ts'
import { isDay } from '../time/day.ts'
import type { Keyring } from '../keyring/keyring.ts'
import type { SigningKey } from '../keyring/minisign.ts'
import { signMinisign } from '../keyring/minisign.ts'
import type { Receipt } from '../store/blob-store.ts'
import { CarryError } from './errors.ts'
import { verifySigner } from './signer.ts'
import { maxExportedEnvelopes } from './sums.ts'
import { count } from '../text/count.ts'

export const acknowledgementFileName = 'acknowledgement.json'
export const maxAcknowledgementBytes = 16 * 1024 * 1024

/** What the desk sends back on the stick: the list of envelopes that it has opened and stored. */
export interface Acknowledgement {
  day: Day
  receipts: Receipt[]
  /**
   * Digest of the last line of the casebook's custody log. The server does not keep it. A person
   * who notes it down can later prove whether lines were removed or the casebook was replaced.
   */
  custodyHead?: string | undefined
}

const AcknowledgementSchema = Type.Object(
  {
    format: Type.Literal('tumen-acknowledgement'),
    version: Type.Literal(1),
    day: Type.String({ minLength: 10, maxLength: 10 }),
    receipts: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), {
      maxItems: maxExportedEnvelopes,
    }),
    custody_head: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
)

export function formatAcknowledgement({ day, receipts, custodyHead }: Acknowledgement): Uint8Array {
  const document = {
    format: 'tumen-acknowledgement',
    version: 1,
    day,
    receipts: receipts.toSorted(),
    ...(custodyHead === undefined ? {} : { custody_head: custodyHead }),
  }
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`)
}

/** @throws CarryError `ACKNOWLEDGEMENT_INVALID`. */
export function parseAcknowledgement(bytes: Uint8Array): Acknowledgement {
  if (bytes.length > maxAcknowledgementBytes)
    throw invalid(`longer than ${maxAcknowledgementBytes} bytes`)
  const document = parseJson(bytes)
  if (!Check(AcknowledgementSchema, document)) throw invalid('it does not have the fields of one')
  if (!isDay(document.day)) throw invalid('its day is none of the calendar')
  const { day, receipts, custody_head: custodyHead } = document
  return { day, receipts, ...(custodyHead === undefined ? {} : { custodyHead }) }
}

/** @returns the text of `acknowledgement.json.minisig`. */
export function signAcknowledgement(
  bytes: Uint8Array,
  key: SigningKey,
  { day, receipts }: Acknowledgement,
): string {
  const trustedComment = `tumen acknowledgement of ${count(receipts.length, 'envelope')}, ${day}`
  return signMinisign({ secretKey: key, message: bytes, trustedComment })
}

/**
 * Reads an acknowledgement signed by a desk of the keyring. The signature is checked before the
 * bytes are parsed.
 * @throws CarryError `SIGNER_UNKNOWN`, `SIGNATURE_INVALID`, `ACKNOWLEDGEMENT_INVALID`.
 */
export function verifyAcknowledgement(options: {
  bytes: Uint8Array
  signature: Uint8Array
  keyring: Keyring
  day: Day
}): Acknowledgement {
  const { bytes, signature, keyring, day } = options
  verifySigner({ bytes, signature }, keyring, 'acknowledgement', day)
  return parseAcknowledgement(bytes)
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new CarryError(
      'ACKNOWLEDGEMENT_INVALID',
      'this is not an acknowledgement: it is not JSON in UTF-8',
      cause,
    )
  }
}

function invalid(why: string): CarryError {
  return new CarryError('ACKNOWLEDGEMENT_INVALID', `this is not an acknowledgement: ${why}`)
}
