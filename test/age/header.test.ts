import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ascii, concat } from '../../src/age/bytes.ts'
import { AgeError } from '../../src/age/errors.ts'
import type { Stanza } from '../../src/age/header.ts'
import { encodeHeader, HeaderParser, maxHeaderBytes, parseHeader } from '../../src/age/header.ts'

const mac = new Uint8Array(32).fill(7)

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing thrown'
  } catch (error) {
    if (error instanceof AgeError) return error.code
    throw error
  }
}

const stanzas = fc.array(
  fc.record({
    args: fc.array(fc.stringMatching(/^[\x21-\x7e]{1,40}$/), { minLength: 1, maxLength: 4 }),
    body: fc.uint8Array({ maxLength: 200 }),
  }),
  { minLength: 1, maxLength: 8 },
)

describe('parseHeader', () => {
  it('reads back what encodeHeader wrote, in any pieces', () => {
    fc.assert(
      fc.property(
        stanzas,
        fc.integer({ min: 1, max: 97 }),
        fc.uint8Array(),
        (written: Stanza[], step, rest) => {
          const file = concat(encodeHeader(written, mac), rest)
          const parser = new HeaderParser()
          for (let start = 0; ; start += step) {
            const parsed = parser.push(file.subarray(start, start + step))
            if (!parsed) continue
            expect(parsed.header.stanzas).toEqual(written)
            expect(parsed.header.bytes).toBe(file.length - rest.length)
            expect(start + parsed.consumed).toBe(parsed.header.bytes)
            return
          }
        },
      ),
    )
  })

  it('throws only AgeError, whatever the bytes', () => {
    const valid = encodeHeader([{ args: ['X25519', 'abc'], body: new Uint8Array(32) }], mac)
    const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = valid.slice()
      copy[at] = byte
      return copy
    })
    const prefixed = fc
      .uint8Array({ maxLength: 400 })
      .map((tail) => concat(ascii('age-encryption.org/v1\n'), tail))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutated, prefixed), (bytes) => {
        codeOf(() => parseHeader(bytes))
      }),
      { numRuns: 3000 },
    )
  })

  describe('when the header has the maximum length', () => {
    // A header with a stanza whose argument fills it up to the given length.
    const ofLength = (length: number) => {
      const empty = encodeHeader([{ args: ['x'], body: new Uint8Array(0) }], mac).length
      return encodeHeader(
        [{ args: [`x${'y'.repeat(length - empty)}`], body: new Uint8Array(0) }],
        mac,
      )
    }

    it.each([maxHeaderBytes - 1, maxHeaderBytes])('reads %d bytes', (length) => {
      expect(parseHeader(ofLength(length)).bytes).toBe(length)
    })

    it('refuses one byte more', () => {
      expect(codeOf(() => parseHeader(ofLength(maxHeaderBytes + 1)))).toBe('HEADER_TOO_LARGE')
    })
  })

  describe('when the file is not age', () => {
    it.each([
      ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff), 'NOT_AGE'],
      ['the wrong version', ascii('age-encryption.org/v2'), 'NOT_AGE'],
      ['one wrong letter', ascii('agf'), 'NOT_AGE'],
      ['an armored file', ascii('-----BEGIN AGE ENCRYPTED FILE-----\n'), 'ARMORED'],
      ['another armor', ascii('-----BEGIN PGP'), 'NOT_AGE'],
    ])('refuses %s without waiting for a newline', (_what, bytes, code) => {
      expect(codeOf(() => new HeaderParser().push(bytes))).toBe(code)
    })

    it('waits while the first bytes may still be the start of an age file', () => {
      expect(new HeaderParser().push(ascii('age-encryption.org/v1'))).toBeNull()
      expect(new HeaderParser().push(ascii('-----BEGIN AGE'))).toBeNull()
    })
  })
})
