import { describe, expect, it } from 'vitest'
import { isNewerIndex, judgeKeys, judgeKeysByAll } from '../../src/replies/judge-index.ts'
import { addDays } from '../../src/time/day.ts'
import { hex64, sampleIndex } from './samples.ts'

const today = '2027-03-10'
const index = sampleIndex()
const judge = (sha256: string, issued: string, changes = {}) =>
  judgeKeys({ keyringSha256: sha256, keyringIssued: issued, index, today, ...changes })

describe('judgeKeys', () => {
  it.each([
    ['the one named', 'a', '2027-02-01', 'confirmed'],
    ['issued later', 'c', '2027-02-02', 'not_confirmed_yet'],
    ['of the same day, unknown', 'c', '2027-02-01', 'not_confirmed_yet'],
    ['of the same day, replaced', 'b', '2027-02-01', 'replayed'],
    ['issued earlier', 'c', '2027-01-31', 'replayed'],
    ['issued later, but replaced', 'b', '2027-02-05', 'replayed'],
  ])('keyring %s', (_, digit, issued, state) => {
    expect(judge(hex64(digit), issued)).toEqual({ state, day: '2027-03-01' })
  })

  it('says the same without an index and with an old one', () => {
    const unknown = { state: 'unknown', day: null }
    expect(judge(hex64('a'), '2027-02-01', { index: null })).toEqual(unknown)
    const aged = (days: number) =>
      judge(hex64('a'), '2027-02-01', { index: sampleIndex({ day: addDays(today, -days) }) }).state
    expect([29, 30, 31, 400].map(aged)).toEqual(['confirmed', 'confirmed', 'unknown', 'unknown'])
  })

  it('allows for a clock that is two days behind, not more', () => {
    const ahead = (days: number) =>
      judge(hex64('a'), '2027-02-01', { index: sampleIndex({ day: addDays(today, days) }) }).state
    expect([1, 2, 3].map(ahead)).toEqual(['confirmed', 'confirmed', 'unknown'])
  })
})

describe('judgeKeysByAll', () => {
  const served = { keyringSha256: hex64('a'), keyringIssued: '2027-02-01', today }
  const behind = sampleIndex({ keyring: { sha256: hex64('b'), issued: '2027-01-01', older: [] } })
  const ahead = sampleIndex({
    keyring: { sha256: hex64('d'), issued: '2027-02-20', older: [hex64('a')] },
  })

  it.each([
    ['one desk knows the keyring, one does not yet', [behind, index], 'confirmed'],
    ['one desk knows a newer keyring', [index, ahead], 'replayed'],
    ['no desk knows it yet', [behind], 'not_confirmed_yet'],
    ['there is no index', [], 'unknown'],
    ['the only one that knows it is old', [sampleIndex({ day: '2027-01-01' })], 'unknown'],
  ])('when %s', (_, indexes, state) => {
    expect(judgeKeysByAll({ ...served, indexes }).state).toBe(state)
    expect(judgeKeysByAll({ ...served, indexes: indexes.toReversed() }).state).toBe(state)
  })
})

describe('isNewerIndex', () => {
  it('compares only the numbers', () => {
    expect(isNewerIndex({ seq: 1 }, null)).toBe(true)
    expect(isNewerIndex({ seq: 2 }, { seq: 1 })).toBe(true)
    expect(isNewerIndex({ seq: 2 }, { seq: 2 })).toBe(false)
    expect(isNewerIndex({ seq: 1 }, { seq: 2 })).toBe(false)
  })
})
