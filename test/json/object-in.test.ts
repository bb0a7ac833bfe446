import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectIn } from '../../src/json/object-in.ts'

describe('objectIn', () => {
  it('gives back the fields of an object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        expect(JSON.stringify(objectIn(JSON.stringify(object)))).toBe(JSON.stringify(object))
      }),
    )
  })

  it('is total: an object for any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof objectIn(text) === 'object'))
  })

  it.each(['', 'null', '1', '"a"', '{', '{"a":1', '[]'])('has no field for %j', (text) => {
    expect(Object.keys(objectIn(text))).toEqual([])
  })

  it('treats __proto__ like any other field', () => {
    const { receipt } = objectIn('{"__proto__": {"receipt": "other"}}')
    expect(receipt).toBeUndefined()
  })
})
