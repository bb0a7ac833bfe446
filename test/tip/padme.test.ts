import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paddedTarBytes, padmeLength } from '../../src/tip/padme.ts'
import { codeOfCall } from './streams.ts'

describe('padmeLength', () => {
  it.each([
    // length, padded: E = floor(log2 L), S = floor(log2 E) + 1, multiples of 2^(E-S)
    [0, 0],
    [1, 1],
    [2, 2],
    [7, 7],
    [8, 8],
    [9, 10],
    [15, 16],
    [16, 16],
    [17, 18],
    [1_000, 1_024],
    [1_025, 1_088],
    [65_535, 65_536],
    [65_536, 65_536],
    [65_537, 67_584],
    [1_000_000, 1_015_808],
    [2 ** 31, 2 ** 31],
    [2 ** 31 + 1, 2 ** 31 + 2 ** 26],
    [2 ** 32 + 1, 2 ** 32 + 2 ** 26],
    [2 ** 49 - 1, 2 ** 49],
    [2 ** 52, 2 ** 52],
  ])('pads %d to %d', (bytes, padded) => expect(padmeLength(bytes)).toBe(padded))

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 52 + 1])('refuses %d', (bytes) => {
    expect(codeOfCall(() => padmeLength(bytes))).toBe('SIZE_INVALID')
  })

  it('never shrinks, adds at most 12 %, is monotone and stable', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), fc.nat({ max: 2 ** 40 }), (a, b) => {
        const padded = padmeLength(a)
        expect(padded).toBeGreaterThanOrEqual(a)
        expect(padded).toBeLessThanOrEqual(a * 1.12 + 1)
        expect(padmeLength(padded)).toBe(padded)
        if (a <= b) expect(padded).toBeLessThanOrEqual(padmeLength(b))
      }),
    )
  })
})

describe('paddedTarBytes', () => {
  it.each([
    [0, 65_536],
    [1_536, 65_536],
    [65_535, 65_536],
    [65_536, 65_536],
    [66_048, 67_584],
    [67_584, 67_584],
    [131_072, 131_072],
    [131_584, 135_168],
    [209_716_736, 213_909_504],
  ])('pads an archive of %d bytes to %d', (bytes, padded) =>
    expect(paddedTarBytes(bytes)).toBe(padded),
  )

  it('gives whole tar blocks and adds at most 3.2 % above the minimum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 65_536, max: 2 ** 41 }), (bytes) => {
        const padded = paddedTarBytes(bytes)
        expect(padded % 512).toBe(0)
        expect(padded / bytes).toBeLessThan(1.032)
      }),
    )
  })
})
