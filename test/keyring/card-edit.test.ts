import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { formatCard, maxCardBytes, parseCard } from '../../src/keyring/card.ts'
import { addRecipient, addSigner, createKeyring, extend, retire } from '../../src/keyring/edit.ts'
import { KeyringError } from '../../src/keyring/errors.ts'
import { recipientsOn } from '../../src/keyring/keyring.ts'
import { always, day, encode, makeCard, makeKeyring, makeSignerCard } from './fixtures.ts'

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof KeyringError) return error.code
    throw error
  }
  return 'no error'
}

describe('parseCard', () => {
  const card = makeCard('김 분석가')

  it('reads back both kinds', () => {
    expect(parseCard(formatCard(card))).toEqual(card)
    const signer = makeSignerCard('Root', 'root')
    expect(parseCard(formatCard(signer))).toEqual(signer)
  })

  it.each([
    [{ kind: 'other' }, 'kind'],
    [{ name: 'a\u202eb' }, 'name'],
    [{ role: '' }, 'role'],
    [{ recipient: 'age1pq1x' }, 'recipient'],
    [{ recipient_x25519: '' }, 'recipient_x25519'],
    [{ identity: 'AGE-SECRET-KEY-1' }, 'additional'],
    [{ version: 2 }, 'version'],
  ])('refuses %j, naming the field', (change, field) => {
    expect(() => parseCard(encode({ ...card, ...change }))).toThrow(field)
  })

  it('bounds the bytes', () => {
    const padded = (length: number) => encode(JSON.stringify(makeCard('Kim')).padEnd(length))
    expect(codeOf(() => parseCard(padded(maxCardBytes - 1)))).toBe('no error')
    expect(codeOf(() => parseCard(padded(maxCardBytes)))).toBe('no error')
    expect(codeOf(() => parseCard(padded(maxCardBytes + 1)))).toBe('INVALID')
  })

  it('throws only KeyringError INVALID, whatever the bytes', () => {
    const text = JSON.stringify(makeSignerCard())
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.json(),
        fc.nat(text.length),
        fc.string({ maxLength: 3 }),
        (bytes, json, at, insert) => {
          for (const source of [
            bytes,
            encode(json),
            encode(text.slice(0, at) + insert + text.slice(at + 1)),
          ]) {
            expect(['no error', 'INVALID']).toContain(codeOf(() => parseCard(source)))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('addRecipient', () => {
  it('does not change the given keyring', () => {
    const before = makeKeyring()
    const copy = structuredClone(before)
    const after = addRecipient(before, makeCard('Lee'), {
      validFrom: day,
      validUntil: '2027-01-01',
    })
    expect(before).toEqual(copy)
    expect(after.recipients.at(-1)).toMatchObject({
      name: 'Lee',
      valid_from: day,
      valid_until: '2027-01-01',
      retired: null,
    })
  })

  it('throws EXISTS for a name in force and for a key that is in the keyring', () => {
    const card = makeCard('Lee')
    const keyring = addRecipient(makeKeyring(), card, always)
    expect(codeOf(() => addRecipient(keyring, makeCard('LEE'), always))).toBe('EXISTS')
    expect(codeOf(() => addRecipient(keyring, { ...card, name: 'Park' }, always))).toBe('EXISTS')
    expect(codeOf(() => addRecipient(retire(keyring, 'Lee', day), makeCard('Lee'), always))).toBe(
      'no error',
    )
  })

  it('throws INVALID for a validity that ends before it starts', () => {
    expect(
      codeOf(() =>
        addRecipient(makeKeyring(), makeCard('Lee'), { validFrom: day, validUntil: '2026-11-22' }),
      ),
    ).toBe('INVALID')
  })
})

describe('addSigner', () => {
  it('refuses a root key', () => {
    expect(codeOf(() => addSigner(makeKeyring(), makeSignerCard('Root', 'root'), always))).toBe(
      'INVALID',
    )
  })
})

describe('retire', () => {
  it('keeps the entry for the record, out of force from that day', () => {
    const keyring = retire(makeKeyring(), 'kim', '2026-12-01')
    expect(keyring.recipients).toHaveLength(1)
    expect(recipientsOn(keyring, '2026-11-30')).toHaveLength(1)
    expect(recipientsOn(keyring, '2026-12-01')).toHaveLength(0)
  })

  it('throws NOT_FOUND for an unknown name and for a name that is already retired', () => {
    expect(codeOf(() => retire(makeKeyring(), 'nobody', day))).toBe('NOT_FOUND')
    expect(codeOf(() => retire(retire(makeKeyring(), 'Kim', day), 'Kim', day))).toBe('NOT_FOUND')
    expect(codeOf(() => retire(makeKeyring(), 'Kim', '2026-02-30'))).toBe('INVALID')
  })
})

describe('extend', () => {
  it('issues the keyring again, and refuses an end before its start', () => {
    const keyring = createKeyring({ day, expires: day })
    expect(extend(keyring, { day: '2026-12-01', expires: '2027-12-01' })).toMatchObject({
      issued: '2026-12-01',
      expires: '2027-12-01',
    })
    expect(codeOf(() => extend(keyring, { day: '2026-12-02', expires: '2026-12-01' }))).toBe(
      'INVALID',
    )
  })
})
