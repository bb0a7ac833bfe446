import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecesOf, slicePieces } from '../../../src/server/replies/pieces.ts'
import { readRange } from '../../../src/server/replies/range.ts'

describe('readRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=0-99', { start: 0, end: 100 }],
    ['bytes=99-', { start: 99, end: 100 }],
    ['bytes=40-1000', { start: 40, end: 100 }],
    ['bytes=-1', { start: 99, end: 100 }],
    ['bytes=-1000', { start: 0, end: 100 }],
    ['BYTES=1-2', { start: 1, end: 3 }],
  ])('reads %s', (header, range) => {
    expect(readRange(header, 100)).toEqual(range)
  })

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('cannot satisfy %s', (header) => {
    expect(readRange(header, 100)).toBe('unsatisfiable')
  })

  it.each([
    undefined,
    '',
    'bytes',
    'bytes=-',
    'bytes=2-1',
    'bytes=0-1,3-4',
    'bytes=0-1 ',
    'items=0-1',
    'bytes=1e3-',
    `bytes=${'9'.repeat(16)}-`,
  ])('ignores %j', (header) => {
    expect(readRange(header, 100)).toBeNull()
  })

  it('never leaves the content, whatever the header is', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(1000), (text, from, to, bytes) => {
        for (const header of [text, `bytes=${text}`, `bytes=${from}-${to}`, `bytes=-${to}`]) {
          const range = readRange(header, bytes)
          if (range === null || range === 'unsatisfiable') continue
          expect(range.start).toBeLessThan(range.end)
          expect(range.end).toBeLessThanOrEqual(bytes)
        }
      }),
    )
  })
})

describe('slicePieces', () => {
  it('holds the bytes of the range, wherever the pieces begin', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 9 })),
        fc.nat(60),
        fc.nat(60),
        (parts, one, other) => {
          const whole = Buffer.concat(parts)
          const [start, end] = [Math.min(one, other), Math.max(one, other)]
          const slice = slicePieces(piecesOf(parts.map((part) => Buffer.from(part))), start, end)
          expect(Buffer.concat(slice.parts)).toEqual(whole.subarray(start, end))
          expect(slice.bytes).toBe(whole.subarray(start, end).length)
        },
      ),
    )
  })
})
