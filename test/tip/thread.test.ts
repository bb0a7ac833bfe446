import { describe, expect, it } from 'vitest'
import { minPaddedBytes } from '../../src/tip/bounds.ts'
import { threadFields } from '../../src/tip/schema-id.ts'
import type { DetentionTip } from '../../src/tip/schema.ts'
import { packedBytes } from '../../src/tip/tar-writer.ts'
import { parseTip, serializeTip } from '../../src/tip/tip-json.ts'
import { readTip } from '../../src/tip/read-tip.ts'
import { writeTip } from '../../src/tip/write-tip.ts'
import { utf8 } from './streams.ts'

const reply = {
  recipient: `age1pq1${'q'.repeat(1952)}`,
  tag_key: 'ab'.repeat(32),
  language: 'ko' as const,
}
const followUp: DetentionTip = {
  narrative: 'x',
  reply,
  reply_next: { ...reply, tag_key: 'cd'.repeat(32) },
  answers: '01'.repeat(16),
  close: true,
}
const schemaOf = (bytes: Uint8Array): unknown => {
  const { schema } = JSON.parse(new TextDecoder().decode(bytes)) as { schema: unknown }
  return schema
}
const readValue = (value: unknown) => readTip(utf8(JSON.stringify(value)))

describe('a tip with the fields of edition 2', () => {
  it('is written as edition 2, and read again', () => {
    const bytes = serializeTip(followUp)
    expect(schemaOf(bytes)).toBe('urn:tumen:detention_tip:2')
    const tip = { ...followUp, schema: 'urn:tumen:detention_tip:2' }
    expect(parseTip(bytes)).toEqual(tip)
    expect(readTip(bytes)).toEqual({ tip, unknown: [], problems: [] })
    expect(writeTip(followUp)).toEqual(bytes)
  })

  it.each(threadFields)('is of edition 2 if it has %s alone', (field) => {
    const tip = { narrative: 'x', [field]: followUp[field] }
    expect(schemaOf(writeTip(tip))).toBe('urn:tumen:detention_tip:2')
    expect(schemaOf(writeTip({ narrative: 'x', [field]: null }))).toBe('urn:tumen:detention_tip:1')
  })

  it('still has the one size of all short tips', () => {
    const bytes = writeTip({ ...followUp, narrative: '가'.repeat(10_000) })
    expect(packedBytes(bytes.length, [])).toBe(minPaddedBytes)
    const extra = writeTip({ narrative: 'x', reply }).length - writeTip({ narrative: 'x' }).length
    expect(extra).toBeLessThan(2300)
  })
})

describe('a tip without them', () => {
  it('stays of edition 1', () => {
    expect(schemaOf(writeTip({ narrative: 'x' }))).toBe('urn:tumen:detention_tip:1')
  })

  it('is read whichever of the two it names', () => {
    for (const edition of [1, 2]) {
      const schema = `urn:tumen:detention_tip:${edition}`
      expect(parseTip(utf8(JSON.stringify({ schema, narrative: 'x' })))).toMatchObject({ schema })
      expect(readValue({ schema, narrative: 'x' }).problems).toEqual([])
    }
  })
})

describe('readTip', () => {
  it.each([
    ['a text', 'x'],
    ['a list', []],
    ['a group without a language', { recipient: reply.recipient, tag_key: reply.tag_key }],
    ['an X25519 recipient', { ...reply, recipient: `age1${'q'.repeat(58)}` }],
    ['an upper-case recipient', { ...reply, recipient: reply.recipient.toUpperCase() }],
    ['a huge recipient', { ...reply, recipient: `age1pq1${'q'.repeat(1_000_000)}` }],
    ['an upper-case tag key', { ...reply, tag_key: 'AB'.repeat(32) }],
    ['an unknown language', { ...reply, language: 'xx' }],
  ])('leaves out a reply that is %s, reports it, and keeps the rest', (_, wrong) => {
    const { tip, problems } = readValue({ narrative: 'x', reply: wrong, topic: 'detention' })
    expect(tip).toEqual({ narrative: 'x', topic: 'detention' })
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['FIELD_LEFT_OUT']))
    expect(problems[0]?.detail).toMatch(/^reply/u)
    expect(JSON.stringify(problems).length).toBeLessThan(1000)
  })

  it('leaves out a reply with a field of a later edition, and keeps the field', () => {
    const { tip, unknown, problems } = readValue({ narrative: 'x', reply: { ...reply, until: 1 } })
    expect(tip).toEqual({ narrative: 'x' })
    expect(unknown).toEqual([{ path: 'reply.until', value: '1' }])
    expect(problems.map(({ code }) => code)).toEqual(['FIELD_UNKNOWN', 'FIELD_LEFT_OUT'])
  })

  it.each([
    ['close', false],
    ['close', 'yes'],
    ['answers', 'ab'],
    ['answers', 'AB'.repeat(16)],
  ])('leaves out %s: %s', (field, value) => {
    const { tip, problems } = readValue({ narrative: 'x', [field]: value, reply })
    expect(tip).toEqual({ narrative: 'x', reply })
    expect(problems.map(({ code }) => code)).toEqual(['FIELD_LEFT_OUT'])
  })
})
