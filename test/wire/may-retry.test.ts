import { describe, expect, it } from 'vitest'
import { mayRetry } from '../../src/wire/may-retry.ts'
import { problemStatus } from '../../src/wire/problem-codes.ts'

describe('mayRetry', () => {
  it('allows another attempt exactly after these problems', () => {
    const codes = Object.entries(problemStatus)
      .filter(([code, status]) => mayRetry(status, code))
      .map(([code]) => code)
    expect(codes).toEqual([
      'BODY_TIMEOUT',
      'ABORTED',
      'TOO_MANY_UPLOADS',
      'TOO_MANY_REQUESTS',
      'TOO_MANY_UNFINISHED',
      'PROOF_OF_WORK_NEEDED',
      'NO_SPACE',
      'STORE_DOWN',
      'BEING_STORED',
      'CLOSED',
      'DRAINING',
      'OFFSET_CONFLICT',
      'INTERNAL',
    ])
  })

  it.each([
    [400, false],
    [404, false],
    [408, true],
    [409, true],
    [413, false],
    [423, true],
    [429, true],
    [502, true],
  ])('decides by status %i alone when a proxy answers without a code', (status, expected) => {
    expect(mayRetry(status, null)).toBe(expected)
  })
})
