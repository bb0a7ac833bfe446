import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CarryError } from '../../src/carry/errors.ts'
import { formatSums, maxExportedEnvelopes, maxSumsBytes, parseSums } from '../../src/carry/sums.ts'
import { sha256 } from '../support/sealed.ts'
import { readVectors } from '../support/vectors.ts'

const receiptOf = (number: number) => number.toString(16).padStart(64, '0')
const receipts = fc.uniqueArray(
  fc.nat().map((number) => sha256(Buffer.from(String(number)))),
  { maxLength: 20 },
)

describe('parseSums', () => {
  it.each(readVectors('sums'))('$name', ({ isGood, bytes }) => {
    if (isGood) expect(Buffer.from(formatSums(parseSums(bytes))).equals(bytes)).toBe(true)
    else
      expect(() => parseSums(bytes)).toThrow(
        expect.objectContaining({ name: 'CarryError', code: 'SUMS_INVALID' }),
      )
  })

  it('reads what was written, sorted', () => {
    fc.assert(
      fc.property(receipts, (written) => {
        expect(parseSums(formatSums(written))).toEqual(written.toSorted())
      }),
    )
  })

  it('throws nothing but CarryError, whatever the bytes', () => {
    const lines = fc
      .array(fc.constantFrom(sha256(Buffer.from('a')), '  ', '.age', '\n', ' ', 'x', '\0', '\r'), {
        maxLength: 30,
      })
      .map((parts) => Buffer.from(parts.join('')))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), lines), (bytes) => {
        try {
          parseSums(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(CarryError)
        }
      }),
    )
  })

  it.each([
    [maxExportedEnvelopes - 1, false],
    [maxExportedEnvelopes, false],
    [maxExportedEnvelopes + 1, true],
  ])('with %i envelopes, is refused: %s', (count, isRefused) => {
    const bytes = formatSums(Array.from({ length: count }, (_each, index) => receiptOf(index)))
    expect(bytes.length > maxSumsBytes).toBe(isRefused)
    if (isRefused)
      expect(() => parseSums(bytes)).toThrow(
        expect.objectContaining({
          code: 'SUMS_INVALID',
          message: expect.stringContaining('longer than'),
        }),
      )
    else expect(parseSums(bytes)).toHaveLength(count)
  })

  it('names the invalid line', () => {
    const bytes = Buffer.concat([formatSums([receiptOf(1), receiptOf(2)]), Buffer.from('x\n')])
    expect(() => parseSums(bytes)).toThrow('line 3')
  })
})

describe('formatSums', () => {
  it('is what sha256sum writes', () => {
    const digest = sha256(Buffer.from('tip'))
    const { stdout } = spawnSync('sha256sum', [], { input: 'tip' })
    expect(Buffer.from(formatSums([digest])).toString()).toBe(
      stdout.toString().replace('-', `${digest}.age`),
    )
  })
})
