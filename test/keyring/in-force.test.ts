import { describe, expect, it } from 'vitest'
import { firstDayAfter, recipientsOn } from '../../src/keyring/in-force.ts'

const entry = (valid_from: string, retired: string | null = null) => ({
  valid_from,
  valid_until: null,
  retired,
})

describe('firstDayAfter', () => {
  const recipients = [entry('2027-03-01'), entry('2027-02-01', '2027-02-01'), entry('2027-01-01')]

  it('is the nearest later day on which a recipient comes into force', () => {
    expect(firstDayAfter({ recipients }, '2026-12-31')).toBe('2027-01-01')
  })

  it('leaves out the day itself, and an entry that is retired on its first day', () => {
    const early = entry('2027-01-01', '2027-01-02')
    expect(firstDayAfter({ recipients: [...recipients.slice(0, 2), early] }, '2027-01-01')).toBe(
      '2027-03-01',
    )
  })

  it('is null if no recipient comes into force later', () => {
    expect(firstDayAfter({ recipients }, '2027-03-01')).toBeNull()
    expect(firstDayAfter({ recipients: [] }, '2027-01-01')).toBeNull()
  })
})

describe('recipientsOn', () => {
  it('counts an entry from its first day to its last', () => {
    const recipients = [{ ...entry('2027-01-02'), valid_until: '2027-01-03' }]
    const countOn = (day: string) => recipientsOn({ recipients }, day).length
    expect(['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04'].map(countOn)).toEqual([
      0, 1, 1, 0,
    ])
  })
})
