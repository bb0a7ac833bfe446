import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { Check } from 'typebox/schema'
import { describe, expect, it } from 'vitest'
import { publishedSchema } from '../../src/tip/publish.ts'
import { DetentionTip } from '../../src/tip/schema.ts'
import { tipSchemaId } from '../../src/tip/schema-id.ts'
import { sampleTip } from './sample-tip.ts'

const ajv = new Ajv2020({ strict: true, allErrors: false })
formats.default(ajv)
const isValidToAjv = ajv.compile(JSON.parse(publishedSchema()))
const isValid = (value: unknown): boolean => Check(DetentionTip, value)

interface Node {
  anyOf?: Node[]
  enum?: unknown[]
  const?: unknown
  type?: string
  properties?: Record<string, Node>
  required?: string[]
  items?: Node
  maxItems?: number
}

const dates = [
  '2017-11-04',
  '2017-11~',
  '2017?',
  '2017-11-01/2017-11-10',
  '2017-11-04/..',
  'unknown',
  '2017-02-29',
  '2017-13',
  'soon',
]
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom(
    ...dates,
    'CN',
    'kp',
    '',
    '  ',
    'a'.repeat(500),
    '가'.repeat(501),
    '😀'.repeat(500),
    '😀'.repeat(501),
    'f'.repeat(64),
    '..',
    'a/b',
    '사진.jpg',
  ),
)
const junk = fc.oneof(
  fc.constantFrom(null, true, -1, 0.5, 1e9, 91, '', [], {}),
  texts,
  fc.jsonValue({ maxDepth: 2 }),
)

const rightValue = (node: Node): fc.Arbitrary<unknown> => {
  if (node.anyOf !== undefined) return fc.oneof(...node.anyOf.map(anyValue))
  if (node.enum !== undefined) return fc.constantFrom(...node.enum)
  if (node.const !== undefined) return fc.constant(node.const)
  if (node.type === 'string') return texts
  if (node.type === 'integer')
    return fc.oneof(fc.integer({ min: -1, max: 200 }), fc.constantFrom(100_000, 100_001, 1.5))
  if (node.type === 'number')
    return fc.oneof(fc.double(), fc.constantFrom(-90, 90, 180, 180.1, 20_000))
  if (node.type === 'array')
    return fc.array(anyValue(node.items ?? {}), {
      maxLength: Math.min(12, (node.maxItems ?? 1) + 1),
    })
  if (node.type === 'null') return fc.constant(null)
  const fields = Object.fromEntries(
    Object.entries(node.properties ?? {}).map(([key, field]) => [key, anyValue(field)]),
  )
  return fc.record(fields, { requiredKeys: node.required ?? [] })
}

/** Values that mostly match the schema, and sometimes do not. */
const anyValue = (node: Node): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: rightValue(node) }, { weight: 1, arbitrary: junk })

/** The complete tip with one field replaced by any value. */
const onceChanged: fc.Arbitrary<unknown> = fc.tuple(fc.nat(), junk).map(([at, value]) => {
  const tip = structuredClone(sampleTip)
  const places: Array<[Record<string, unknown>, string]> = []
  const visit = (parent: object): void => {
    for (const [key, child] of Object.entries(parent)) {
      places.push([parent as Record<string, unknown>, key])
      if (typeof child === 'object' && child !== null) visit(child)
    }
  }
  visit(tip)
  const [parent, key] = places[at % places.length]!
  parent[key] = value
  return tip
})

describe('DetentionTip', () => {
  it('accepts a tip with every field, and one with only the narrative', () => {
    for (const tip of [sampleTip, { narrative: '도와주세요' }]) {
      expect(isValid(tip)).toBe(true)
      expect(isValidToAjv(tip), JSON.stringify(isValidToAjv.errors)).toBe(true)
    }
  })

  it('accepts null for every field except the narrative', () => {
    const fields = Object.keys(DetentionTip.properties).filter(
      (key) => key !== 'narrative' && key !== 'schema',
    )
    expect(
      isValid({ narrative: '被抓了', ...Object.fromEntries(fields.map((key) => [key, null])) }),
    ).toBe(true)
    expect(isValid({ narrative: null })).toBe(false)
  })

  it('has no unbounded text or list, and no open object', () => {
    const visit = (node: Record<string, unknown>, path: string): void => {
      if (node['type'] === 'string' && node['const'] === undefined)
        expect(node, path).toHaveProperty('maxLength')
      if (node['type'] === 'array') expect(node, path).toHaveProperty('maxItems')
      if (node['type'] === 'object') expect(node['additionalProperties'], path).toBe(false)
      for (const [key, child] of Object.entries(node)) {
        if (typeof child === 'object' && child !== null)
          visit(child as Record<string, unknown>, `${path}/${key}`)
      }
    }
    visit(JSON.parse(publishedSchema()), '')
  })

  it('gives the same verdict as ajv for any value', () => {
    const seen = { right: 0, wrong: 0 }
    const values = fc.oneof(rightValue(JSON.parse(publishedSchema())), onceChanged, junk)
    fc.assert(
      fc.property(values, (value) => {
        // JSON Schema cannot check the order of an interval's ends, so no interval here is
        // reversed.
        const result = isValid(value)
        seen[result ? 'right' : 'wrong'] += 1
        expect(isValidToAjv(value), JSON.stringify(value)).toBe(result)
      }),
      { numRuns: 1_500 },
    )
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(50)
  })
})

describe('publishedSchema', () => {
  it('is a JSON Schema 2020-12 under its own name', () => {
    expect(JSON.parse(publishedSchema())).toMatchObject({
      $id: tipSchemaId,
      required: ['narrative'],
      additionalProperties: false,
    })
    expect(ajv.validateSchema(JSON.parse(publishedSchema()))).toBe(true)
  })

  // If the file is out of date, `npx vitest run test/tip/schema.test.ts -u` updates it.
  it('equals docs/detention_tip.schema.json', async () => {
    await expect(publishedSchema()).toMatchFileSnapshot('../../docs/detention_tip.schema.json')
  })
})
