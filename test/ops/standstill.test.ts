import { describe, expect, it } from 'vitest'
import { createStandstill } from '../../src/ops/standstill.ts'

describe('createStandstill', () => {
  it('counts entries that have not grown for a number of looks, and forgets those that grew or left', () => {
    const still = createStandstill()
    const look = (...sizes: number[]): number =>
      still.look(
        sizes.map((bytes, index) => ({ name: `${index}`, bytes })),
        2,
      )
    expect([look(1, 1), look(1, 1), look(1, 2), look(1, 2), look(1, 2), look(3), look(3)]).toEqual([
      0, 0, 1, 1, 2, 0, 0,
    ])
  })
})
