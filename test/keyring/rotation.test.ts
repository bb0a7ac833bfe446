import { describe, expect, it } from 'vitest'

import { adviseOn } from '../../src/keyring/advice.ts'
import { addDays } from '../../src/time/day.ts'
import {
  addRecipient,
  addSigner,
  createKeyring,
  retire,
  rotate,
  firstGroupOf,
} from '../../src/keyring/edit.ts'
import { KeyringError } from '../../src/keyring/errors.ts'
import { lastDayOf } from '../../src/keyring/in-force.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { maxActiveRecipients, recipientsOn, signersOn } from '../../src/keyring/keyring.ts'
import { always, day, makeCard, makeKeyring, makeSignerCard } from './fixtures.ts'

const later = '2027-03-01'
const overlapping = { day: later, overlapDays: 30, validUntil: null }
const before = makeKeyring()
const newCard = makeCard('KIM')
const rotated = rotate(before, newCard, overlapping)

const problemOf = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    if (error instanceof KeyringError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}
const keysOn = (keyring: Keyring, when: string) =>
  recipientsOn(keyring, when).map(({ recipient }) => recipient)

describe('rotate', () => {
  it('keeps both keys in force during the overlap, and then only the new one', () => {
    const oldKey = before.recipients[0]?.recipient
    const newKey = newCard.recipient
    expect(keysOn(rotated, addDays(later, -1))).toEqual([oldKey])
    for (const when of [later, addDays(later, 29)])
      expect(keysOn(rotated, when)).toEqual([oldKey, newKey])
    expect(keysOn(rotated, addDays(later, 30))).toEqual([newKey])
  })

  it('ends the old key at once without an overlap, as for a lost or seized key', () => {
    const seized = rotate(before, newCard, { ...overlapping, overlapDays: 0 })
    expect(keysOn(seized, later)).toEqual([newCard.recipient])
  })

  it('also replaces a signer', () => {
    const withDesk = addSigner(before, makeSignerCard('desk'), always)
    const twice = rotate(withDesk, makeSignerCard('Desk'), overlapping)
    expect(
      [later, addDays(later, 30)].map((when) => signersOn(twice, 'acknowledgement', when).length),
    ).toEqual([2, 1])
  })

  it('may be done again before the first overlap is over', () => {
    const third = rotate(rotated, makeCard('kim'), { ...overlapping, day: addDays(later, 5) })
    expect(keysOn(third, addDays(later, 6))).toHaveLength(3)
  })

  it('refuses an unknown name, the same key, and more recipients than an envelope may have', () => {
    expect(problemOf(() => rotate(before, makeCard('Lee'), overlapping))).toContain('NOT_FOUND')
    expect(
      problemOf(() => rotate(rotate(before, newCard, overlapping), newCard, overlapping)),
    ).toContain('EXISTS')
    let full = createKeyring({ day, expires: '2027-11-23' })
    for (let number = 0; number < maxActiveRecipients; number += 1)
      full = addRecipient(full, makeCard(`p${number}`), always)
    expect(problemOf(() => rotate(full, makeCard('p3'), overlapping))).toContain(
      `more than ${maxActiveRecipients} are valid on ${later}`,
    )
    expect(problemOf(() => rotate(full, makeCard('p3'), { ...overlapping, overlapDays: 0 }))).toBe(
      'none',
    )
  })
})

describe('retire during an overlap', () => {
  it('asks which key, and retires the named one', () => {
    const [old, fresh] = rotated.recipients
    if (old === undefined || fresh === undefined) throw new Error('two entries were expected')
    expect(problemOf(() => retire(rotated, 'kim', later))).toMatch(
      `--key ${firstGroupOf(old)} or ${firstGroupOf(fresh)}`,
    )
    const ended = retire(rotated, { name: 'kim', firstGroup: firstGroupOf(old) }, addDays(later, 3))
    expect(keysOn(ended, addDays(later, 3))).toEqual([fresh.recipient])
    expect(problemOf(() => retire(rotated, { name: 'kim', firstGroup: '99999' }, later))).toContain(
      'NOT_FOUND',
    )
  })
})

describe('lastDayOf', () => {
  it.each([
    [null, null, null],
    ['2027-01-31', null, '2027-01-31'],
    [null, '2027-02-01', '2027-01-31'],
    ['2027-01-30', '2027-02-01', '2027-01-30'],
    ['2027-03-30', '2027-02-01', '2027-01-31'],
  ])('of one valid until %s and retired %s is %s', (valid_until, retired, expected) => {
    expect(lastDayOf({ valid_from: day, valid_until, retired })).toBe(expected)
  })
})

describe('adviseOn', () => {
  const codes = (keyring: Keyring, when: string) => adviseOn(keyring, when).map(({ code }) => code)

  it('is empty if there is nothing to do', () => {
    expect(adviseOn(before, day)).toEqual([])
  })

  it('mentions an old key that is still in force, with its last day', () => {
    expect(adviseOn(rotated, later)).toMatchObject([
      { code: 'overlap', text: expect.stringContaining(addDays(later, 29)) },
    ])
    expect(codes(rotated, addDays(later, 30))).toEqual([])
  })

  it.each([
    [31, []],
    [30, ['ends']],
    [0, ['ends']],
    [-1, []],
  ])('with %d days left and nobody to follow: %j', (left, expected) => {
    const ending = addRecipient(createKeyring({ day, expires: '2029-11-23' }), makeCard('Lee'), {
      validFrom: day,
      validUntil: addDays(day, left + 100),
    })
    expect(codes(ending, addDays(day, 100))).toEqual(expected)
  })

  it('says when the keyring ends, and when a key is over a year old', () => {
    expect(codes(before, '2027-10-23')).toEqual([])
    expect(codes(before, '2027-10-24')).toEqual(['expires'])
    const long = { ...before, expires: '2029-01-01' }
    expect(codes(long, addDays(day, 365))).toEqual([])
    expect(codes(long, addDays(day, 366))).toEqual(['old'])
  })
})
