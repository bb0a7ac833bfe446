import { describe, expect, it } from 'vitest'
import { consentFor } from '../../src/tip/consent.ts'

describe('consentFor', () => {
  it('is ask_first without an answer', () => {
    expect(consentFor({}, 'un')).toBe('ask_first')
    expect(consentFor({ consent: null }, 'un')).toBe('ask_first')
    expect(consentFor({ consent: [{ recipient: 'media', level: 'named' }] }, 'un')).toBe(
      'ask_first',
    )
  })

  it('gives each recipient its own level', () => {
    const tip = {
      consent: [
        { recipient: 'un', level: 'named' },
        { recipient: 'media', level: 'no' },
      ],
    } as const
    expect([consentFor(tip, 'un'), consentFor(tip, 'media')]).toEqual(['named', 'no'])
  })

  it('is the narrower of two answers, in either order', () => {
    const consent = [
      { recipient: 'un', level: 'named_photo' },
      { recipient: 'un', level: 'facts_only' },
    ] as const
    expect(consentFor({ consent }, 'un')).toBe('facts_only')
    expect(consentFor({ consent: consent.toReversed() }, 'un')).toBe('facts_only')
  })

  it('is no for everyone after consent was withdrawn', () => {
    expect(
      consentFor(
        { consent: [{ recipient: 'un', level: 'named' }], consent_meta: { withdrawn: 'yes' } },
        'un',
      ),
    ).toBe('no')
  })
})
