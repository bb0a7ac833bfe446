import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAcknowledgement,
  maxAcknowledgementBytes,
  parseAcknowledgement,
  signAcknowledgement,
  verifyAcknowledgement,
} from '../../src/carry/acknowledgement.ts'
import { CarryError } from '../../src/carry/errors.ts'
import { maxExportedEnvelopes } from '../../src/carry/sums.ts'
import { retire } from '../../src/keyring/edit.ts'
import { generateSigningKey, signMinisign } from '../../src/keyring/minisign.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { sha256 } from '../support/sealed.ts'
import { readVectors } from '../support/vectors.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const receiptOf = (number: number) => number.toString(16).padStart(64, '0')
const invalid = expect.objectContaining({ name: 'CarryError', code: 'ACKNOWLEDGEMENT_INVALID' })

describe('parseAcknowledgement', () => {
  it.each(readVectors('acknowledgement'))('$name', ({ isGood, bytes }) => {
    if (isGood)
      expect(parseAcknowledgement(bytes)).toEqual({
        day,
        receipts: JSON.parse(bytes.toString()).receipts,
      })
    else expect(() => parseAcknowledgement(bytes)).toThrow(invalid)
  })

  it('reads what was written, sorted', () => {
    const receipts = ['b', 'a', 'c'].map((text) => sha256(encode(text)))
    expect(parseAcknowledgement(formatAcknowledgement({ day, receipts }))).toEqual({
      day,
      receipts: receipts.toSorted(),
    })
  })

  it('throws nothing but CarryError, whatever the bytes', () => {
    const documents = fc
      .record(
        {
          format: fc.constantFrom('tumen-acknowledgement', ''),
          version: fc.constantFrom<unknown>(1, 2, null),
          day: fc.oneof(fc.string(), fc.constant(day)),
          receipts: fc.oneof(
            fc.array(fc.oneof(fc.string(), fc.constant(receiptOf(1)))),
            fc.anything(),
          ),
        },
        { requiredKeys: [] },
      )
      .map((document) => encode(JSON.stringify(document)))
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(encode), documents),
        (bytes) => {
          try {
            parseAcknowledgement(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(CarryError)
          }
        },
      ),
    )
  })

  it.each(['[', '{"receipts":', '{"receipts":[['])(
    'is not brought down by %j over and over',
    (opening) => {
      const bytes = encode(opening.repeat(maxAcknowledgementBytes / opening.length - 1))
      expect(() => parseAcknowledgement(bytes)).toThrow(invalid)
    },
  )

  it.each([
    [maxExportedEnvelopes - 1, true],
    [maxExportedEnvelopes, true],
    [maxExportedEnvelopes + 1, false],
  ])('accepts %i receipts: %s', (count, isTaken) => {
    const receipts = Array.from({ length: count }, (_each, index) => receiptOf(index))
    const bytes = formatAcknowledgement({ day, receipts })
    expect(bytes.length).toBeLessThan(maxAcknowledgementBytes)
    if (isTaken) expect(parseAcknowledgement(bytes).receipts).toHaveLength(count)
    else expect(() => parseAcknowledgement(bytes)).toThrow(invalid)
  })

  it.each([
    [-1, true],
    [0, true],
    [1, false],
  ])('accepts %i bytes: %s', (more, isTaken) => {
    const bytes = new Uint8Array(maxAcknowledgementBytes + more).fill(0x20)
    bytes.set(formatAcknowledgement({ day, receipts: [receiptOf(1)] }))
    if (isTaken) expect(parseAcknowledgement(bytes).receipts).toEqual([receiptOf(1)])
    else expect(() => parseAcknowledgement(bytes)).toThrow('longer than')
  })
})

describe('verifyAcknowledgement', () => {
  const ceremony = holdCeremony({ validFrom: '2026-11-20', validUntil: '2026-11-25' })
  const acknowledgement = { day, receipts: [receiptOf(1), receiptOf(2)] }
  const bytes = formatAcknowledgement(acknowledgement)
  const signedBy = (key = ceremony.desk) => encode(signAcknowledgement(bytes, key, acknowledgement))
  const verify = (change: Partial<Parameters<typeof verifyAcknowledgement>[0]> = {}) =>
    verifyAcknowledgement({
      bytes,
      signature: signedBy(),
      keyring: ceremony.keyring,
      day,
      ...change,
    })
  const code = (expected: string) => expect.objectContaining({ name: 'CarryError', code: expected })

  it('returns what a desk of the keyring has signed', () => {
    expect(verify()).toEqual(acknowledgement)
  })

  it.each([
    ['the server, whose purpose is another', signedBy(ceremony.server)],
    ['nobody we know', signedBy(generateSigningKey())],
  ])('throws SIGNER_UNKNOWN when it was signed by %s', (_who, signature) => {
    expect(() => verify({ signature })).toThrow(code('SIGNER_UNKNOWN'))
  })

  it.each([
    ['2026-11-19', false],
    ['2026-11-20', true],
    ['2026-11-25', true],
    ['2026-11-26', false],
  ])('accepts a signer only on the days when it is in force: %s, %s', (today, isKnown) => {
    if (isKnown) expect(verify({ day: today })).toEqual(acknowledgement)
    else expect(() => verify({ day: today })).toThrow(code('SIGNER_UNKNOWN'))
  })

  it.each([
    ['2026-11-22', true],
    ['2026-11-23', false],
    ['2026-11-24', false],
  ])('stops accepting a signer that was retired on the 23rd: %s, %s', (today, isKnown) => {
    const keyring = retire(ceremony.keyring, 'desk', day)
    if (isKnown) expect(verify({ keyring, day: today })).toEqual(acknowledgement)
    else expect(() => verify({ keyring, day: today })).toThrow(code('SIGNER_UNKNOWN'))
  })

  it('throws SIGNATURE_INVALID when a byte was changed', () => {
    for (const at of [0, 40, bytes.length - 1]) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => verify({ bytes: changed })).toThrow(code('SIGNATURE_INVALID'))
    }
  })

  it('throws SIGNATURE_INVALID for a text that is not a signature', () => {
    for (const signature of ['', 'untrusted comment: x\n', 'x'.repeat(5000)]) {
      expect(() => verify({ signature: encode(signature) })).toThrow(code('SIGNATURE_INVALID'))
    }
  })

  it('does not parse the bytes before their signature has been verified', () => {
    expect(() => verify({ bytes: encode('{') })).toThrow(code('SIGNATURE_INVALID'))
  })

  it('throws ACKNOWLEDGEMENT_INVALID for a good signature over something else', () => {
    const other = encode('{"format":"tumen-keyring"}')
    const signature = encode(
      signMinisign({ secretKey: ceremony.desk, message: other, trustedComment: 'x' }),
    )
    expect(() => verify({ bytes: other, signature })).toThrow(code('ACKNOWLEDGEMENT_INVALID'))
  })
})
