import { describe, expect, it } from 'vitest'
import { count } from '../../src/text/count.ts'

describe('count', () => {
  it.each([
    [0, '0 envelopes'],
    [1, '1 envelope'],
    [2, '2 envelopes'],
    [1_200, '1,200 envelopes'],
  ])('writes %i with the form of the noun that fits', (number, text) => {
    expect(count(number, 'envelope')).toBe(text)
  })

  it.each([
    [0, '0 tips wait'],
    [1, '1 tip waits'],
    [2, '2 tips wait'],
  ])('writes %i with an irregular form and its verb', (number, text) => {
    expect(count(number, 'tip waits', 'tips wait')).toBe(text)
  })
})
