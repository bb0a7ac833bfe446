import { describe, expect, it } from 'vitest'
import { sumOf, weighPage } from '../../bench/page/weight.ts'
import { LANGUAGES } from '../../src/page/languages.ts'

describe('the built page', () => {
  it.each(LANGUAGES)('in %s is small enough for a slow circuit', (language) => {
    const { first, later, list } = weighPage('dist/page', language)
    console.log(
      `gzipped, ${language}: first ${sumOf(first)} bytes (${JSON.stringify(first)}), later ${sumOf(later)} bytes (${JSON.stringify(later)}), list ${list}`,
    )
    expect(sumOf(first)).toBeLessThan(58_000)
    // The list of words.
    expect(list).toBeLessThan(15_000)
    // Texts and code for sending and for "more", loaded once the form can be used.
    expect(sumOf(later)).toBeLessThan(92_000)
  })
})
