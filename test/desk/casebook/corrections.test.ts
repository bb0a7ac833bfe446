import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { effectiveTip, effectiveTipOrProblems } from '../../../src/desk/casebook/corrections.ts'
import { CasebookError } from '../../../src/desk/files/errors.ts'
import { allFields } from '../../../src/desk/casebook/schema-path.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { seedTip } from '../support/sample-view.ts'

type SetChange = Extract<Change, { kind: 'set' }>
const corrections = (fields: Record<string, unknown>): Map<string, SetChange> =>
  new Map(
    Object.entries(fields).map(([field, value]) => [
      field,
      { kind: 'set', at: '2017-11-05T09:00:00Z', by: 'kim', field, value },
    ]),
  )
const bare: DetentionTip = { narrative: '잡혔습니다' }

describe('effectiveTip', () => {
  it('corrects existing values, and leaves the original unchanged', () => {
    const before = structuredClone(seedTip)
    const tip = effectiveTip(
      seedTip,
      corrections({ 'event.detained_when': '2017-11-03~', 'persons.1.age.value': 5 }),
    )
    expect(tip.event?.detained_when).toBe('2017-11-03~')
    expect(tip.persons?.[1]?.age).toEqual({ value: 5, unit: 'years', as_of: '2017-11-04' })
    expect(seedTip).toEqual(before)
  })

  it('makes the groups and lists that are missing on the way', () => {
    const tip = effectiveTip(
      bare,
      corrections({
        'event.held_where.country': 'CN',
        'persons.0.names.0.text': '리영희',
        'persons.0.names.1.text': 'Ri Yong-hui',
        'persons.1.sex': 'male',
      }),
    )
    expect(tip).toEqual({
      narrative: '잡혔습니다',
      event: { held_where: { country: 'CN' } },
      persons: [{ names: [{ text: '리영희' }, { text: 'Ri Yong-hui' }] }, { sex: 'male' }],
    })
  })

  it('replaces null with a group', () => {
    expect(
      effectiveTip({ ...bare, event: null }, corrections({ 'event.how_taken': 'raid' })).event,
    ).toEqual({ how_taken: 'raid' })
  })

  it.each([
    [
      'persons.2.sex',
      'male',
      'CORRECTION_REFUSED',
      'persons has 0 entries, so the next one is persons.0',
    ],
    [
      'event.how_taken',
      'nowhere',
      'CORRECTION_REFUSED',
      'event.how_taken must be one of checkpoint, raid',
    ],
    [
      'event.detained_when',
      'last week',
      'CORRECTION_REFUSED',
      'event.detained_when must be an EDTF date',
    ],
    ['event.held_where.country', 'China', 'CORRECTION_REFUSED', 'two capital letters'],
    ['people_count.min', -1, 'CORRECTION_REFUSED', 'people_count.min must be >= 0'],
    ['narrative', '   ', 'CORRECTION_REFUSED', 'must not be blank'],
    ['attachments.0.sha256', 'a'.repeat(64), 'CORRECTION_REFUSED', 'evidence'],
    ['consent', [], 'CORRECTION_REFUSED', 'tumen case consent'],
    ['consent_meta.withdrawn', 'no', 'CORRECTION_REFUSED', 'tumen case consent'],
    ['consent_meta', {}, 'CORRECTION_REFUSED', 'tumen case consent'],
    ['schema', 'urn:tumen:detention_tip:1', 'CORRECTION_REFUSED', 'not a field to correct'],
    ['event.nothing', 'x', 'FIELD_UNKNOWN', 'event has no such field'],
    ['detained_when', '2017', 'FIELD_UNKNOWN', 'did you mean event.detained_when?'],
    ['event.detaind_when', '2017', 'FIELD_UNKNOWN', 'did you mean event.detained_when?'],
    ['persons.first.sex', 'male', 'FIELD_UNKNOWN', 'persons.0 is the first'],
    ['persons.0.sex.really', 'male', 'FIELD_UNKNOWN', 'persons.0.sex has no fields in it'],
    ['', 'x', 'FIELD_UNKNOWN', 'the tip has no such field'],
    ['__proto__.polluted', 'x', 'FIELD_UNKNOWN', 'no such field'],
    ['constructor.prototype.polluted', 'x', 'FIELD_UNKNOWN', 'no such field'],
    ['persons.__proto__', 'x', 'FIELD_UNKNOWN', 'persons is a list'],
    ['persons.-1.sex', 'male', 'FIELD_UNKNOWN', 'persons is a list'],
    ['persons.0.names.0.__proto__.x', 'male', 'FIELD_UNKNOWN', 'no such field'],
  ])('refuses %s = %j', (field, value, code, message) => {
    const refused = () => effectiveTip(bare, corrections({ [field]: value }))
    expect(refused).toThrow(
      expect.objectContaining({
        name: 'CasebookError',
        code,
        message: expect.stringContaining(message),
      }),
    )
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
  })

  it('never quotes the value in its errors', () => {
    expect(() =>
      effectiveTip(bare, corrections({ 'event.how_taken': '\u001b[31msecret' })),
    ).toThrow(expect.not.objectContaining({ message: expect.stringMatching(/secret|\u001b/u) }))
  })

  it('throws nothing but its own error, whatever the path and the value', () => {
    const step = fc.oneof(
      fc.constantFrom(
        'persons',
        'event',
        'names',
        '0',
        '1',
        '999',
        '__proto__',
        'text',
        'transfers',
        'from',
        '',
      ),
      fc.string(),
    )
    const path = fc.oneof(
      fc.array(step, { maxLength: 6 }).map((steps) => steps.join('.')),
      fc.constantFrom(...allFields()).map((field) => field.replaceAll('N', '0')),
    )
    fc.assert(
      fc.property(path, fc.jsonValue({ maxDepth: 3 }), (field, value) => {
        try {
          effectiveTip(seedTip, corrections({ [field]: value }))
        } catch (error) {
          expect(error).toBeInstanceOf(CasebookError)
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('effectiveTipOrProblems', () => {
  it('leaves out what does not fit, names it, and applies the rest', () => {
    const { tip, refused } = effectiveTipOrProblems(
      bare,
      corrections({
        'event.how_taken': 'raid',
        'event.warrant': 'perhaps',
        lang: 'ko',
        nowhere: 1,
      }),
    )
    expect(tip).toEqual({ ...bare, lang: 'ko', event: { how_taken: 'raid' } })
    expect(refused).toEqual([
      expect.stringContaining('event.warrant must be one of'),
      expect.stringContaining('the tip has no such field'),
    ])
  })
})
