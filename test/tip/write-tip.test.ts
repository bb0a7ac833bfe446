import { describe, expect, it } from 'vitest'
import { maxTipBytes } from '../../src/tip/bounds.ts'
import { DetentionTip } from '../../src/tip/schema.ts'
import type { SchemaNode } from '../../src/tip/schema-walk.ts'
import { serializeTip } from '../../src/tip/tip-json.ts'
import { fieldOrder, writeTip } from '../../src/tip/write-tip.ts'
import { sampleTip } from './sample-tip.ts'
import { codeOfCall } from './streams.ts'

/** The field names of all groups, each group in its own order. */
function groupsOf(schema: SchemaNode): string[][] {
  const { items, properties } = schema.anyOf?.[0] ?? schema
  const inside = [...(items ? [items] : []), ...Object.values(properties ?? {})].flatMap(groupsOf)
  return properties ? [Object.keys(properties), ...inside] : inside
}

const groups = groupsOf(DetentionTip as SchemaNode)

describe('fieldOrder', () => {
  it.each(groups.map((names) => [names.join(', ')]))(
    'keeps the order of the schema: %s',
    (names) => {
      expect(fieldOrder.filter((name) => names.split(', ').includes(name)).join(', ')).toBe(names)
    },
  )

  it('has every field of the schema once, and no other', () => {
    expect([...fieldOrder].sort()).toEqual([...new Set(groups.flat())].sort())
  })
})

describe('writeTip', () => {
  it('writes what serializeTip writes', () => {
    expect(writeTip(sampleTip)).toEqual(serializeTip(sampleTip))
  })

  it.each([
    [0, 'accepted'],
    [1, 'TIP_TOO_LARGE'],
  ])('bounds the bytes: %i over is %s', (over, code) => {
    const frame = writeTip({ narrative: '' }).length
    expect(codeOfCall(() => writeTip({ narrative: 'x'.repeat(maxTipBytes - frame + over) }))).toBe(
      code,
    )
  })
})
