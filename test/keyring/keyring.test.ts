import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isDay } from '../../src/time/day.ts'
import { KeyringError } from '../../src/keyring/errors.ts'
import { maxKeyringBytes } from '../../src/keyring/bounds.ts'
import {
  formatKeyring,
  maxActiveRecipients,
  maxEntries,
  parseKeyring,
  recipientsOn,
  signersOn,
} from '../../src/keyring/keyring.ts'
import type { Keyring, RecipientEntry } from '../../src/keyring/keyring.ts'
import { addSigner } from '../../src/keyring/edit.ts'
import { always, day, encode, makeCard, makeKeyring, makeSignerCard } from './fixtures.ts'

const keyring = makeKeyring()
const [entry] = keyring.recipients as [RecipientEntry]

function messageOf(bytes: Uint8Array): string {
  try {
    parseKeyring(bytes)
  } catch (error) {
    if (error instanceof KeyringError && error.code === 'INVALID') return error.message
    throw error
  }
  return 'no error'
}

const withEntry = (change: Partial<Record<keyof RecipientEntry, unknown>>) =>
  messageOf(encode({ ...keyring, recipients: [{ ...entry, ...change }] }))

function manyPeople(
  count: number,
  change: (index: number) => Partial<RecipientEntry> = () => ({}),
): Keyring {
  const people = Array.from({ length: count }, (_, index) => ({
    ...makeEntry(`P${index}`),
    ...change(index),
  }))
  return { ...keyring, recipients: people }
}

function makeEntry(name: string): RecipientEntry {
  const { recipient, recipient_x25519 } = makeCard(name)
  return { ...entry, name, recipient, recipient_x25519 }
}

/** Not always the same letter: one key in 32 ends with it, and would not be changed. */
const withOtherEnd = (key: string): string => key.slice(0, -1) + (key.endsWith('x') ? 'q' : 'x')

describe('parseKeyring', () => {
  it('reads back what formatKeyring writes', () => {
    const bytes = formatKeyring(keyring)
    expect(parseKeyring(bytes)).toEqual(keyring)
    expect(new TextDecoder().decode(bytes)).toMatch(
      /^\{\n {2}"format": "tumen-keyring",\n[^]*\}\n$/,
    )
  })

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['a byte order mark', `\ufeff${JSON.stringify(keyring)}`, 'not JSON'],
    ['an array', '[]', 'the file'],
    [
      'another format',
      JSON.stringify({ ...keyring, format: 'x' }),
      'format must be equal to constant: "tumen-keyring"',
    ],
    ['a later version', JSON.stringify({ ...keyring, version: 2 }), 'version must'],
    ['an unknown field', JSON.stringify({ ...keyring, extra: 1 }), '"extra"'],
    ['no signers', JSON.stringify({ ...keyring, signers: undefined }), '"signers"'],
    [
      'expiry before issue',
      JSON.stringify({ ...keyring, expires: '2026-11-22' }),
      'expires is before issued',
    ],
  ])('names what is wrong: %s', (_name, text, expected) => {
    expect(messageOf(encode(text))).toContain(expected === '"signers"' ? 'signers' : expected)
  })

  it.each([
    [{ name: '' }, 'recipients[0].name'],
    [{ name: 'Kim\u202e' }, 'recipients[0].name must not contain'],
    [{ name: 'Kim\u200b' }, 'recipients[0].name must not contain'],
    [{ name: 'Kim\nLee' }, 'recipients[0].name must not contain'],
    [{ name: ' Kim' }, 'recipients[0].name must not start'],
    [{ role: '\u0007' }, 'recipients[0].role must not contain'],
    [{ recipient: entry.recipient_x25519 }, 'recipients[0].recipient is not an age1pq1'],
    [{ recipient_x25519: entry.recipient }, 'recipients[0].recipient_x25519'],
    [{ recipient_x25519: entry.recipient_x25519.toUpperCase() }, 'recipients[0].recipient_x25519'],
    [{ recipient_x25519: withOtherEnd(entry.recipient_x25519) }, 'recipients[0].recipient_x25519'],
    [{ valid_from: '2026-02-30' }, 'recipients[0].valid_from is not a day'],
    [{ valid_from: 3 }, 'recipients[0].valid_from must be string'],
    [{ valid_until: '2026-11-22' }, 'recipients[0].valid_until is before valid_from'],
    [{ retired: '2027-02-29' }, 'recipients[0].retired is not a day'],
  ])('refuses %j', (change, expected) => {
    expect(withEntry(change)).toContain(expected)
  })

  it.each([
    [79, true],
    [80, true],
    [81, false],
  ])('a name of %i characters: %s', (length, isFine) => {
    expect(withEntry({ name: '김'.repeat(length) }) === 'no error').toBe(isFine)
    expect(withEntry({ name: '𠮷'.repeat(length) }) === 'no error').toBe(isFine)
  })

  it('refuses names that look the same, unless one is retired', () => {
    const twins = (retired: string | null) => {
      const people = [{ ...makeEntry('Kim'), retired }, makeEntry('ＫＩＭ')]
      return messageOf(encode({ ...keyring, recipients: people }))
    }
    expect(twins(null)).toContain('same name')
    expect(twins(day)).toBe('no error')
  })

  it('refuses the same key twice', () => {
    expect(
      messageOf(encode({ ...keyring, recipients: [entry, { ...entry, name: 'Other' }] })),
    ).toContain('same key')
  })

  it('refuses a signer whose key is not a minisign line', () => {
    const signed = addSigner(keyring, makeSignerCard(), always)
    const signers = [{ ...signed.signers[0], public_key: entry.recipient_x25519 }]
    expect(messageOf(encode({ ...signed, signers }))).toContain('signers[0].public_key')
    expect(
      messageOf(encode({ ...signed, signers: [{ ...signed.signers[0], purpose: 'root' }] })),
    ).toContain('signers[0].purpose')
  })

  it.each([
    [maxActiveRecipients - 1, true],
    [maxActiveRecipients, true],
    [maxActiveRecipients + 1, false],
  ])('%i people in force at once: %s', (count, isFine) => {
    expect(messageOf(formatKeyring(manyPeople(count))) === 'no error').toBe(isFine)
  })

  it('counts those in force on any day, not only today', () => {
    const later = manyPeople(maxActiveRecipients + 1, (index) =>
      index === 0 ? { valid_from: '2027-01-01' } : {},
    )
    expect(messageOf(formatKeyring(later))).toContain('2027-01-01')
    const relay = manyPeople(maxActiveRecipients + 1, (index) =>
      index === 0 ? { valid_from: '2027-01-01' } : { retired: '2027-01-01' },
    )
    expect(messageOf(formatKeyring(relay))).toBe('no error')
  })

  it('bounds the entries and the bytes', () => {
    const all = manyPeople(maxEntries, () => ({ retired: day }))
    expect(messageOf(formatKeyring(all))).toBe('no error')
    expect(
      messageOf(formatKeyring({ ...all, recipients: [...all.recipients, makeEntry('more')] })),
    ).toContain('recipients')
    expect(messageOf(formatKeyring(addSignerTo(all)))).toContain('together')
    const padded = (length: number) => encode(JSON.stringify(keyring).padEnd(length))
    expect(messageOf(padded(maxKeyringBytes - 1))).toBe('no error')
    expect(messageOf(padded(maxKeyringBytes))).toBe('no error')
    expect(messageOf(padded(maxKeyringBytes + 1))).toContain('longer than')
  })

  it('throws only KeyringError, whatever the bytes', () => {
    const text = new TextDecoder().decode(formatKeyring(keyring))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.json(), (bytes, json) => {
        expect(typeof messageOf(bytes)).toBe('string')
        expect(typeof messageOf(encode(json))).toBe('string')
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(9),
        fc.string({ maxLength: 4 }),
        (at, cut, insert) => {
          expect(
            messageOf(encode(text.slice(0, at) + insert + text.slice(at + cut))).length,
          ).toBeLessThan(500)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('survives nesting as deep as the bound allows', () => {
    expect(messageOf(encode('['.repeat(maxKeyringBytes)))).toContain('not JSON')
    const half = maxKeyringBytes / 2
    expect(messageOf(encode('['.repeat(half) + ']'.repeat(half)))).not.toBe('no error')
  })
})

function addSignerTo(full: Keyring): Keyring {
  const { public_key } = makeSignerCard()
  return {
    ...full,
    signers: [
      {
        name: 'S',
        purpose: 'export',
        public_key,
        valid_from: day,
        valid_until: null,
        retired: null,
      },
    ],
  }
}

describe('recipientsOn', () => {
  const on = (change: Partial<RecipientEntry>, when: string) =>
    recipientsOn({ ...keyring, recipients: [{ ...entry, ...change }] }, when).length === 1

  it('counts the first and the last valid day', () => {
    const span = { valid_from: '2026-11-10', valid_until: '2026-11-20' }
    expect(
      ['2026-11-09', '2026-11-10', '2026-11-20', '2026-11-21'].map((when) => on(span, when)),
    ).toEqual([false, true, true, false])
  })

  it('no longer counts an entry on the day of its retirement', () => {
    expect(
      ['2026-11-29', '2026-11-30', '2026-12-01'].map((when) => on({ retired: '2026-11-30' }, when)),
    ).toEqual([true, false, false])
  })
})

describe('signersOn', () => {
  it('returns only signers of the given purpose', () => {
    const both = addSigner(
      addSigner(keyring, makeSignerCard('A', 'export'), always),
      makeSignerCard('B', 'acknowledgement'),
      always,
    )
    expect(signersOn(both, 'export', day).map(({ name }) => name)).toEqual(['A'])
    expect(signersOn(both, 'acknowledgement', day).map(({ name }) => name)).toEqual(['B'])
    expect(signersOn(both, 'export', '2026-11-22')).toEqual([])
  })
})

describe('isDay', () => {
  it.each(['2026-11-23', '2028-02-29'])('accepts %s', (text) => expect(isDay(text)).toBe(true))
  it.each(['2026-13-01', '2027-02-29', '2026-1-1', '2026-11-23T00', '+02026-01', '', '0000-00-00'])(
    'refuses %j',
    (text) => {
      expect(isDay(text)).toBe(false)
    },
  )
})
