import { describe, expect, it } from 'vitest'
import { readOrientation, upright, writeOrientation } from '../../src/cleaning/orientation.ts'
import { makeExif, turnedBy } from './planted-exif.ts'

describe('readOrientation', () => {
  describe.each([true, false])('when the numbers are little-endian: %s', (isLittleEndian) => {
    it.each([
      [0, 1],
      [1, 1],
      [2, 2],
      [6, 6],
      [8, 8],
      [9, 1],
      [0x600, 1],
    ])('reads %i as %i', (orientation, expected) => {
      expect(readOrientation(makeExif({ orientation, isLittleEndian }))).toBe(expected)
      expect(
        readOrientation(
          Buffer.concat([
            Buffer.from('Exif\0\0'),
            makeExif({ orientation, isLittleEndian, directoryAt: 100 }),
          ]),
        ),
      ).toBe(expected)
    })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['five bytes', Buffer.from('MM\0*\0')],
    ['an invalid byte order', makeExif().fill('XX', 0, 2)],
    ['a number other than 42', makeExif().fill(43, 3, 4)],
    ['a directory past the end', makeExif().fill(0xff, 4, 8)],
    ['a type other than short', makeExif().fill(4, 25, 26)],
    ['an entry that is cut off', makeExif().subarray(0, 31)],
  ])('treats %s as upright', (_, exif) => {
    expect(readOrientation(exif)).toBe(upright)
  })

  it('needs only the entry itself', () => {
    expect(readOrientation(makeExif().subarray(0, 34))).toBe(6)
  })
})

describe('writeOrientation', () => {
  it.each([2, 8])('writes EXIF that is read as %i and contains nothing else', (orientation) => {
    expect(Buffer.from(writeOrientation(orientation, { hasPrefix: false }))).toEqual(
      turnedBy(orientation),
    )
    expect(readOrientation(writeOrientation(orientation, { hasPrefix: true }))).toBe(orientation)
  })
})
