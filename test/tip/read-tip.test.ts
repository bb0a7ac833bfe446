import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consentFor } from '../../src/tip/consent.ts'
import { maxNarrativeChars } from '../../src/tip/bounds.ts'
import { readTip } from '../../src/tip/read-tip.ts'
import { parseTip, serializeTip } from '../../src/tip/tip-json.ts'
import { TipError } from '../../src/tip/errors.ts'
import { sampleTip } from './sample-tip.ts'
import { utf8 } from './streams.ts'

const read = (value: unknown) => readTip(utf8(JSON.stringify(value)))
const codes = (value: unknown) => read(value).problems.map(({ code }) => code)

describe('readTip', () => {
  it('reads what parseTip reads, without a problem', () => {
    const bytes = serializeTip(sampleTip)
    expect(readTip(bytes)).toEqual({ tip: parseTip(bytes), unknown: [], problems: [] })
  })

  it.each([
    ['urn:tumen:detention_tip:1', []],
    ['urn:tumen:detention_tip:2', []],
    ['urn:tumen:detention_tip:3', ['TIP_EDITION']],
    [7, ['TIP_EDITION']],
  ])('reads the edition %s', (schema, expected) => {
    const { tip, problems } = read({ schema, narrative: 'x' })
    expect(tip.narrative).toBe('x')
    expect(problems.map(({ code }) => code)).toEqual(expected)
  })

  it('keeps and reports fields that it does not know, at every depth', () => {
    const { tip, unknown, problems } = read({
      narrative: 'x',
      mailbox: { key: 'ab' },
      persons: [{ names: [{ text: 'kim', tone: 'low' }], shoe_size: 240 }],
    })
    expect(tip).toEqual({ narrative: 'x', persons: [{ names: [{ text: 'kim' }] }] })
    expect(unknown).toEqual([
      { path: 'mailbox', value: '{"key":"ab"}' },
      { path: 'persons[0].names[0].tone', value: '"low"' },
      { path: 'persons[0].shoe_size', value: '240' },
    ])
    expect(problems.map(({ code }) => code)).toEqual(Array(3).fill('FIELD_UNKNOWN'))
    expect(JSON.stringify(problems)).not.toContain('240')
  })

  it('leaves out what does not fit, and keeps the rest', () => {
    const { tip, problems } = read({
      narrative: 'x',
      topic: 'a_new_topic',
      event: { detained_when: '2017-11-31', where_taken: { country: 'CN', lat: 91 } },
      persons: [null, { status: 'a_new_status', names: [{ text: '' }, { text: 'kim' }] }],
    })
    expect(tip).toEqual({
      narrative: 'x',
      event: { where_taken: { country: 'CN' } },
      persons: [{}, { names: [{ text: 'kim' }] }],
    })
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['FIELD_LEFT_OUT']))
  })

  it('shortens what is too long', () => {
    const { tip } = read({
      narrative: '가'.repeat(maxNarrativeChars + 1),
      persons: Array.from({ length: 501 }, () => ({ sex: 'male' })),
    })
    expect(tip.narrative.length).toBe(maxNarrativeChars)
    expect(tip.persons?.length).toBe(500)
  })

  describe('when something about consent does not fit', () => {
    const named = { recipient: 'media', level: 'named' }
    it.each([
      ['a level', [named, { recipient: 'un', level: 'everything' }], {}],
      ['a recipient', [named, { recipient: 'police', level: 'named' }], {}],
      ['a field that is not known', [{ ...named, only_if: 'asked again' }], {}],
      ['the meta group', [named], { given_by: 7 }],
    ])('never widens: %s', (_what, consent, consent_meta) => {
      const { tip } = read({ narrative: 'x', consent, consent_meta })
      expect(consentFor(tip, 'media')).toBe('ask_first')
    })

    it('keeps refusals and a withdrawal', () => {
      const refusal = { recipient: 'media', level: 'no' }
      const odd = { recipient: 'un', level: 'everything' }
      expect(consentFor(read({ narrative: 'x', consent: [refusal, odd] }).tip, 'media')).toBe('no')
      const withdrawn = { narrative: 'x', consent: [named], consent_meta: { withdrawn: 'maybe' } }
      expect(consentFor(read(withdrawn).tip, 'media')).toBe('no')
    })
  })

  it.each([{}, { narrative: '' }, { narrative: 7 }, [], null, 'text'])(
    'refuses %j, which has no narrative',
    (value) => {
      expect(() => read(value)).toThrow(expect.objectContaining({ code: 'TIP_INVALID' }))
    },
  )

  it('throws only TipError, and returns what the schema allows', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.dictionary(fc.constantFrom('persons', 'event', 'x', 'consent'), fc.jsonValue()),
        (text, more) => {
          for (const bytes of [utf8(text), utf8(JSON.stringify({ ...more, narrative: 'x' }))]) {
            try {
              const { tip } = readTip(bytes)
              parseTip(serializeTip(tip))
            } catch (error) {
              expect(error).toBeInstanceOf(TipError)
            }
          }
        },
      ),
    )
  })

  it('refuses an object with more fields than any tip has', () => {
    const crowded = `{"narrative":"x",${Array.from({ length: 200 }, (_, i) => `"a${i}":1`).join(',')}}`
    expect(() => readTip(utf8(crowded))).toThrow(expect.objectContaining({ code: 'TIP_NOT_JSON' }))
    expect(codes({ narrative: 'x', a: 1 })).toEqual(['FIELD_UNKNOWN'])
  })
})
