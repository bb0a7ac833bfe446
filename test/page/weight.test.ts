import { describe, expect, it } from 'vitest'
import { sumOf, weighPage } from '../../bench/page/weight.ts'
import { LANGUAGES } from '../../src/page/languages.ts'

describe('the built page', () => {
  it.each(LANGUAGES)('in %s is small enough for a slow circuit', (language) => {
    const { first, later, twoWay } = weighPage('dist/page', language)
    console.log(
      `gzipped, ${language}: first ${sumOf(first)} bytes (${JSON.stringify(first)}), later ${sumOf(later)} bytes (${JSON.stringify(later)}), two-way ${JSON.stringify(twoWay)}`,
    )
    // The goal is 60 kB. This is the size reached so far, so that it cannot grow unnoticed.
    expect(sumOf(first)).toBeLessThan(59_000)
    // The list of words, and what makes words and opens answers.
    expect(sumOf(twoWay)).toBeLessThan(20_000)
    // Texts and code for sending and for "more", loaded once the form can be used.
    expect(sumOf(later)).toBeLessThan(84_000)
  })
})
