import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { disclose, isWithheld } from '../../../src/desk/disclose/disclose.ts'
import { consentLevels, consentRecipients } from '../../../src/tip/codes.ts'
import { fullChanges, fullTip, fullView, markersIn } from './full-tip.ts'

/** Written by hand: what may go, and nothing else. */
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

  it.each(consentRecipients)('tells %s facts that nobody wrote', (recipient) => {
    const result = disclose(fullView('facts_only'), recipient)
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
  })

  it.each(consentRecipients)('tells %s names, and papers only those who need them', (recipient) => {
    const hasPapers = ['un', 'unhcr', 'icrc', 'embassy'].includes(recipient)
    expect(markersIn(disclose(fullView('named'), recipient))).toEqual(
      withMarkers([...named, ...(hasPapers ? papers : [])]),
    )
  })

  it('lets files go with named_photo, if nothing hidden is left in them', () => {
    const found = markersIn(disclose(fullView('named_photo'), 'ngo'))
    expect(found).toEqual(withMarkers([...named, 'clean']))
  })

  it("never passes on the source's narrative, only an analyst's own words", () => {
    expect(disclose(fullView('named_photo'), 'un')).toMatchObject({ narrative: null })
    const correction: Change = {
      kind: 'set',
      at: '2017-11-05T10:00:00Z',
      by: 'kim',
      field: 'narrative',
      value: 'Our summary.',
    }
    const view = fullView('named', {
      tip: { ...fullTip, narrative: 'Our summary.' },
      state: stateOf([...fullChanges, correction]),
    })
    expect(disclose(view, 'un')).toMatchObject({ narrative: 'Our summary.' })
    expect(
      disclose({ ...view, consent: [{ recipient: 'un', level: 'facts_only' }] }, 'un'),
    ).toMatchObject({ narrative: null })
  })

  it('calls a case by something that is neither its receipt nor a number', () => {
    const view = fullView('named')
    const result = disclose(view, 'un')
    if (isWithheld(result)) throw new Error('withheld')
    expect(result.ref).toMatch(/^case-[a-z2-7]{13}$/)
    expect(result.persons[0]?.ref).toMatch(/^person-[a-z2-7]{13}$/)
    expect(JSON.stringify(result)).not.toContain(view.receipt.slice(0, 8))
    expect(disclose(view, 'media')).toMatchObject({ ref: result.ref })
    // Whoever knows the receipt and nothing of the tip cannot make it.
    expect(disclose({ ...view, original: { narrative: 'other' } }, 'un')).not.toMatchObject({
      ref: result.ref,
    })
  })

  it('tells no more at a lower level', () => {
    const sizes = consentLevels.map((level) => markersIn(disclose(fullView(level), 'un')).length)
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other))
  })
})
