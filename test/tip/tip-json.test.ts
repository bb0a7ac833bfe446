import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  maxAttachments,
  maxLineChars,
  maxNameBytes,
  maxNarrativeChars,
  maxNoteChars,
  maxPeopleCount,
  maxPersons,
  maxRepeats,
  maxTipBytes,
} from '../../src/tip/bounds.ts'
import type { DetentionTip } from '../../src/tip/schema.ts'
import { parseTip, serializeTip } from '../../src/tip/tip-json.ts'
import { sampleTip } from './sample-tip.ts'
import { codeOfCall, utf8 } from './streams.ts'

const parseValue = (value: unknown): DetentionTip => parseTip(utf8(JSON.stringify(value)))
const messageOf = (value: unknown): string => {
  try {
    parseValue(value)
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  }
}

describe('parseTip', () => {
  it('gives back what serializeTip wrote', () => {
    expect(parseTip(serializeTip(sampleTip))).toEqual(sampleTip)
  })

  it('accepts a hand-made tip: only the narrative, with a byte order mark', () => {
    expect(parseTip(utf8('\ufeff{"narrative":"그들이 그를 데려갔습니다"}'))).toEqual({
      narrative: '그들이 그를 데려갔습니다',
    })
  })

  it.each([
    [{}, 'tip.json lacks narrative; add it'],
    [{ narrative: ' \n' }, 'narrative must not be blank; write what happened in a sentence'],
    [{ narrative: null }, 'narrative must be of type string'],
    [
      { narrative: 'x', story: 'y' },
      'story is not a field of detention_tip; remove it, or move its text to narrative',
    ],
    [{ narrative: 'x', lang: 'xx' }, 'lang must be one of ko, zh, en, ug, bo, ru, other'],
    [
      { narrative: 'x', persons: [{}, { names: [{ script: 'Hang' }] }] },
      'persons[1].names[0] lacks text; add it',
    ],
    [
      { narrative: 'x', event: { detained_when: '11월' } },
      'event.detained_when must be an EDTF date such as 2017-11-04, 2017-11~, 2017?, 2017-11-01/2017-11-10, 2017-11-04/.. or unknown',
    ],
    [
      { narrative: 'x', event: { detained_when: '2018/2017' } },
      'event.detained_when is an interval whose end is before its start; swap the two dates',
    ],
    [
      { narrative: 'x', event: { when_text: '가'.repeat(501) } },
      'event.when_text must be at most 500 characters; put the rest in an attachment',
    ],
    [
      { narrative: 'x', event: { where_taken: { country: 'China' } } },
      'event.where_taken.country must be a country code of two capital letters, such as CN or KP',
    ],
    [
      { narrative: 'x', persons: [{ risk_flags: Array(9).fill('elderly') }] },
      'persons[0].risk_flags must have at most 8 entries; send a second tip for the rest',
    ],
    [{ narrative: 'x', consent: [{ recipient: 'un' }] }, 'consent[0] lacks level; add it'],
    [
      { narrative: 'x', schema: 5 },
      'schema must be one of urn:tumen:detention_tip:1, urn:tumen:detention_tip:2',
    ],
    [['x'], 'tip.json must be of type object'],
  ])('explains what is wrong with %j', (value, message) => {
    expect(codeOfCall(() => parseValue(value))).toBe('TIP_INVALID')
    expect(messageOf(value)).toBe(message)
  })

  it('never quotes a value, nor a control character of a name', () => {
    expect(messageOf({ narrative: 'x', lang: '비밀' })).not.toContain('비밀')
    expect(messageOf({ narrative: 'x', ['\u001b[2J\u202e'.repeat(99)]: 1 })).toMatch(
      /^[^\p{Cc}\p{Cf}]{1,250}$/u,
    )
  })

  it('recognises a tip of another version', () => {
    expect(
      codeOfCall(() =>
        parseValue({ schema: 'urn:tumen:detention_tip:3', narrative: 'x', mailbox: 1 }),
      ),
    ).toBe('TIP_VERSION')
  })

  it('refuses what is not UTF-8 or not JSON', () => {
    expect(codeOfCall(() => parseTip(new Uint8Array([0x7b, 0xff])))).toBe('TIP_NOT_UTF8')
    // UTF-16, as some editors on Windows save it.
    expect(
      codeOfCall(() => parseTip(new Uint8Array(Buffer.from('{"narrative":"x"}', 'utf16le')))),
    ).toBe('TIP_NOT_JSON')
    expect(codeOfCall(() => parseTip(utf8('{"narrative":"x"')))).toBe('TIP_NOT_JSON')
    expect(codeOfCall(() => parseTip(new Uint8Array(0)))).toBe('TIP_NOT_JSON')
  })

  it('refuses __proto__ like any other unknown field, and changes no prototype', () => {
    expect(codeOfCall(() => parseTip(utf8('{"__proto__":{"narrative":"x"}}')))).toBe('TIP_INVALID')
    expect(codeOfCall(() => parseTip(utf8('{"narrative":"x","__proto__":{"polluted":1}}')))).toBe(
      'TIP_INVALID',
    )
    expect(
      codeOfCall(() =>
        parseTip(utf8('{"narrative":"x","event":{"constructor":{"prototype":{"polluted":1}}}}')),
      ),
    ).toBe('TIP_INVALID')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('throws only TipError, whatever the bytes', () => {
    const mutated = fc
      .tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 3 }))
      .map(([at, byte, cut]) => {
        const bytes = serializeTip(sampleTip)
        bytes[at % bytes.length] = byte
        return cut === 0 ? bytes.subarray(0, at % bytes.length) : bytes
      })
    const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.json().map(utf8), mutated)
    fc.assert(
      fc.property(anyBytes, (bytes) => void codeOfCall(() => parseTip(bytes))),
      { numRuns: 2_000 },
    )
  })

  describe('when hostile JSON is as large as it may be', () => {
    const room = maxTipBytes - 100
    it.each([
      ['empty persons', `{"narrative":"x","persons":[${'{},'.repeat(room / 3 - 20)}{}]}`],
      [
        'dates',
        `{"narrative":"x","persons":[${'{"birth":"1"},'.repeat(Math.floor(room / 14) - 5)}{}]}`,
      ],
      [
        'unknown fields',
        `{"narrative":"x"${Array.from({ length: 300_000 }, (_, i) => `,"k${i}":1`).join('')}}`,
      ],
      ['nesting', '['.repeat(room / 2) + ']'.repeat(room / 2)],
      ['unclosed nesting', '{"a":'.repeat(room / 5)],
    ])('refuses %s before the schema is applied', (_, text) => {
      expect(() => parseTip(utf8(text))).toThrow(
        /has more fields than any tip|is nested deeper than any tip|must have at most 500 entries/u,
      )
    })
  })
})

describe('serializeTip', () => {
  it('writes the same bytes in whatever order the fields were filled in', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, child]) => [key, reversed(child)]),
      )
    }
    expect(serializeTip(reversed(sampleTip) as DetentionTip)).toEqual(serializeTip(sampleTip))
  })

  it('writes indented JSON, the schema first, a newline last', () => {
    expect(new TextDecoder().decode(serializeTip({ narrative: '그는 \ud800 잡혔다' }))).toBe(
      '{\n  "schema": "urn:tumen:detention_tip:1",\n  "narrative": "그는 \\ud800 잡혔다"\n}\n',
    )
  })

  it('does not write what parseTip would refuse', () => {
    expect(codeOfCall(() => serializeTip({ narrative: '' }))).toBe('TIP_INVALID')
    const notes = Array.from({ length: 80 }, () => ({
      names: [],
      medical: '가'.repeat(maxNoteChars),
    }))
    expect(codeOfCall(() => serializeTip({ narrative: 'x', persons: notes }))).toBe('TIP_TOO_LARGE')
  })
})

describe('the bounds of a tip', () => {
  const times = <Item>(count: number, item: Item): Item[] =>
    Array.from({ length: count }, () => item)
  const attachment = { name: 'a', bytes: 0, sha256: '0'.repeat(64) }
  it.each<[string, number, (size: number) => object]>([
    ['narrative', maxNarrativeChars, (size) => ({ narrative: '가'.repeat(size) })],
    [
      'narrative in four-byte characters',
      maxNarrativeChars,
      (size) => ({ narrative: '😀'.repeat(size) }),
    ],
    ['line', maxLineChars, (size) => ({ event: { when_text: '가'.repeat(size) } })],
    ['note', maxNoteChars, (size) => ({ event: { reasons_given: '가'.repeat(size) } })],
    ['persons', maxPersons, (size) => ({ persons: times(size, {}) })],
    ['names', maxRepeats, (size) => ({ persons: [{ names: times(size, { text: '리' }) }] })],
    ['nationalities', maxRepeats, (size) => ({ persons: [{ nationality: times(size, 'KP') }] })],
    ['papers', maxRepeats, (size) => ({ persons: [{ id_docs: times(size, {}) }] })],
    ['transfers', maxRepeats, (size) => ({ event: { transfers: times(size, {}) } })],
    ['steps taken', maxRepeats, (size) => ({ steps: { actions: times(size, { action: 'un' }) } })],
    ['risk flags', 8, (size) => ({ persons: [{ risk_flags: times(size, 'elderly') }] })],
    ['authorities', 9, (size) => ({ event: { authority: times(size, 'other') } })],
    ['consents', 6, (size) => ({ consent: times(size, { recipient: 'un', level: 'no' }) })],
    ['attachments', maxAttachments, (size) => ({ attachments: times(size, attachment) })],
    [
      'an attachment name',
      maxNameBytes,
      (size) => ({ attachments: [{ ...attachment, name: 'a'.repeat(size) }] }),
    ],
    ['people', maxPeopleCount, (size) => ({ people_count: { max: size } })],
    ['age', 1_500, (size) => ({ persons: [{ age: { value: size } }] })],
    ['latitude', 90, (size) => ({ event: { where_taken: { lat: size } } })],
    ['longitude', 180, (size) => ({ event: { where_taken: { lon: size } } })],
    ['precision', 20_000, (size) => ({ event: { where_taken: { precision_km: size } } })],
  ])('%s: %d', (_, bound, fieldsOf) => {
    const codeAt = (size: number): string =>
      codeOfCall(() => parseValue({ narrative: 'x', ...fieldsOf(size) }))
    expect([codeAt(bound - 1), codeAt(bound), codeAt(bound + 1)]).toEqual([
      'accepted',
      'accepted',
      'TIP_INVALID',
    ])
  })

  it(`bytes: ${maxTipBytes}`, () => {
    const ofSize = (size: number): Uint8Array => utf8('{"narrative":"x"}'.padEnd(size))
    expect(
      [-1, 0, 1].map((more) => codeOfCall(() => parseTip(ofSize(maxTipBytes + more)))),
    ).toEqual(['accepted', 'accepted', 'TIP_TOO_LARGE'])
  })
})
