import { describe, expect, it } from 'vitest'
import { consentLevels, consentRecipients } from '../../src/tip/codes.ts'
import {
  type ConsentChoice,
  consentChoices,
  consentOf,
  consentTextOf,
  levelsOf,
  narrowerThan,
} from '../../src/tip/consent-choice.ts'
import { consentFor } from '../../src/tip/consent.ts'

/** What each choice allows: un, unhcr, icrc, embassy, ngo, media. */
const table: [ConsentChoice | null, boolean, string][] = [
  ['with_names', false, 'ask_first named named ask_first named ask_first'],
  ['with_names', true, 'named named named ask_first named ask_first'],
  ['without_names', false, 'ask_first facts_only facts_only facts_only facts_only facts_only'],
  ['without_names', true, 'ask_first facts_only facts_only facts_only facts_only facts_only'],
  ['ask_me', false, 'ask_first ask_first ask_first ask_first ask_first ask_first'],
  ['ask_me', true, 'ask_first ask_first ask_first ask_first ask_first ask_first'],
  [null, false, 'ask_first ask_first ask_first ask_first ask_first ask_first'],
  [null, true, 'ask_first ask_first ask_first ask_first ask_first ask_first'],
  ['nobody', false, 'no no no no no no'],
  ['nobody', true, 'no no no no no no'],
]

describe('levelsOf', () => {
  it.each(table)('maps %s, UN ticked: %s', (choice, isUnToo, expected) => {
    const consent = consentOf(levelsOf(choice, isUnToo))
    expect(consent.map(({ recipient }) => recipient)).toEqual([...consentRecipients])
    expect(consent.map(({ level }) => level).join(' ')).toBe(expected)
    for (const { recipient, level } of consent)
      expect(consentFor({ consent }, recipient)).toBe(level)
  })

  it('has a row for every choice, with and without the UN', () => {
    expect(table).toHaveLength(2 * (consentChoices.length + 1))
  })
})

describe('narrowerThan', () => {
  it('keeps no answer that is as wide as the choice, or wider', () => {
    for (const choice of consentChoices) {
      const levels = levelsOf(choice, true)
      for (const recipient of consentRecipients)
        for (const level of consentLevels) {
          const isNarrower = consentLevels.indexOf(level) < consentLevels.indexOf(levels[recipient])
          expect(narrowerThan(levels, { [recipient]: level })).toEqual(
            isNarrower ? { [recipient]: level } : {},
          )
        }
    }
  })
})

describe('consentTextOf', () => {
  it('names the version of the words and their language', () => {
    expect(consentTextOf('ko')).toBe('2 ko')
  })
})
