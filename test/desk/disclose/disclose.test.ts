import { describe, expect, it } from 'vitest'
import { disclose, isWithheld } from '../../../src/desk/disclose/disclose.ts'
import { consentLevels, consentRecipients } from '../../../src/tip/codes.ts'
import { confirmed } from '../support/confirmed.ts'
import { fullView, markersIn } from './full-tip.ts'

/** Markers of everything that may be disclosed, listed by hand. */
const named = [
  'ethnicity',
  'from',
  'held',
  'held-admin',
  'name',
  'nickname',
  'origin',
  'reasons',
  'taken',
  'taken-admin',
  'to',
  'when',
  'authority',
  'narrative',
]
const papers = ['doc-number', 'doc-type', 'medical']
const withMarkers = (names: readonly string[]) => names.map((name) => `Marker-${name}`).sort()

describe('disclose', () => {
  it.each(consentRecipients)('tells %s nothing without a yes', (recipient) => {
    for (const level of [null, 'ask_first', 'no'] as const) {
      const result = disclose(fullView(level), recipient)
      expect(isWithheld(result)).toBe(true)
      expect(result).toMatchObject({ code: level === 'no' ? 'NO_CONSENT' : 'ASK_FIRST', recipient })
      expect(markersIn(result)).toEqual([])
    }
  })

  it('says what to do when nobody has asked', () => {
    expect(disclose(fullView(null, { id: '1a2b3c4d' }), 'un')).toMatchObject({
      detail: 'ask the source first, then: tumen case consent 1a2b3c4d un named --given-by WHO',
    })
    expect(disclose(fullView('named', { tip: null, original: null }), 'un')).toMatchObject({
      code: 'NO_TIP',
    })
  })

  it.each(consentRecipients)(
    'tells %s codes, countries and months, even when all words are confirmed',
    (recipient) => {
      const result = disclose(confirmed(fullView('facts_only')), recipient)
      expect(markersIn(result)).toEqual([])
      const text = JSON.stringify(result)
      for (const trace of [
        '2017-11-04',
        '2017-11-03',
        '1987',
        '41.1',
        '123.6',
        'contact_south_korea',
        'official_family',
        'spouse',
      ])
        expect(text).not.toContain(trace)
      expect(result).toMatchObject({
        level: 'facts_only',
        event: { detained_when: '2017-11', where_taken: { country: 'CN' } },
        persons: [{ sex: 'female', status: 'held', names: [], age: null, minor: 'no' }],
        attachments: [],
      })
    },
  )

  it.each(consentRecipients)('tells %s names, and papers only those who need them', (recipient) => {
    const hasPapers = ['un', 'unhcr', 'icrc', 'embassy'].includes(recipient)
    expect(markersIn(disclose(fullView('named'), recipient))).toEqual([])
    expect(markersIn(disclose(confirmed(fullView('named')), recipient))).toEqual(
      withMarkers([...named, ...(hasPapers ? papers : [])]),
    )
  })

  it('lets files go with named_photo, if nothing hidden is left in them', () => {
    const found = markersIn(disclose(confirmed(fullView('named_photo')), 'ngo'))
    expect(found).toEqual(withMarkers([...named, 'clean']))
  })

  it('calls a case by something that is neither its receipt nor a number', () => {
    const view = fullView('named')
    const result = disclose(view, 'un')
    if (isWithheld(result)) throw new Error('withheld')
    expect(result.ref).toMatch(/^case-[a-z2-7]{13}$/)
    expect(result.persons[0]?.ref).toMatch(/^person-[a-z2-7]{13}$/)
    expect(JSON.stringify(result)).not.toContain(view.receipt.slice(0, 8))
    expect(disclose(view, 'media')).toMatchObject({ ref: result.ref })
    // A person who knows the receipt but not the tip cannot compute the reference.
    expect(disclose({ ...view, original: { narrative: 'other' } }, 'un')).not.toMatchObject({
      ref: result.ref,
    })
  })

  it('tells no more at a lower level', () => {
    const sizes = consentLevels.map(
      (level) => markersIn(disclose(confirmed(fullView(level)), 'un')).length,
    )
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other))
  })
})
