import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { maxPieceBytes } from '../../src/cleaning/blob-reader.ts'
import { standardFor } from '../../src/cleaning/icc-profile.ts'
import { clean, expectCleaned, expectLeftAlone, expectNothingFound, secret } from './pictures.ts'
import { makeExif, turnedBy } from './planted-exif.ts'
import { screenProfile, srgbProfile } from './planted-profile.ts'

function chunk(type: string, body: Uint8Array | string = ''): Buffer {
  const checked = Buffer.concat([
    Buffer.from(type, 'latin1'),
    typeof body === 'string' ? Buffer.from(body, 'latin1') : body,
  ])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(checked.length - 4)
  checksum.writeUInt32BE(crc32(checked))
  return Buffer.concat([length, checked, checksum])
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const header = chunk(
  'IHDR',
  Buffer.from('00000001 00000001 08 02 000000'.replaceAll(' ', ''), 'hex'),
)
const pixels = chunk('IDAT', deflateSync(Buffer.alloc(4)))
const end = chunk('IEND')

const pngWith = (...planted: readonly Uint8Array[]): Buffer =>
  Buffer.concat([signature, header, ...planted, pixels, end])
const plain = pngWith()
const profileChunk = (name: string, packed: Uint8Array): Buffer =>
  chunk('iCCP', Buffer.concat([Buffer.from(`${name}\0\0`, 'latin1'), packed]))

describe('cleanPng', () => {
  describe('drops', () => {
    it.each([
      ['text', chunk('tEXt', `Comment\0${secret}`)],
      [
        'packed text',
        chunk(
          'zTXt',
          Buffer.concat([
            Buffer.from('Raw profile type exif\0\0'),
            deflateSync(Buffer.from(secret)),
          ]),
        ),
      ],
      ['international text', chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${secret}`)],
      ['the time', chunk('tIME', Buffer.from('07e10b04080a0a', 'hex'))],
      ['Exif of an upright picture', chunk('eXIf', makeExif({ orientation: 1 }))],
      ['Exif that is damaged', chunk('eXIf', secret)],
      ['suggested palettes', chunk('sPLT', secret)],
      ["a vendor's chunk", chunk('iDOT', secret)],
      ['provenance', chunk('caBX', secret)],
    ])('%s', async (_, planted) => {
      await expectCleaned(pngWith(planted), plain)
      await expectCleaned(Buffer.concat([signature, header, pixels, planted, end]), plain)
    })

    it.each([
      ['a second picture', plain],
      ['one byte', Buffer.alloc(1)],
    ])('%s after the end', async (_, trailer) => {
      await expectCleaned(Buffer.concat([plain, trailer]), plain)
    })
  })

  it.each([12, 11, 1])('puts the end where its last %i bytes are missing', async (missing) => {
    await expectCleaned(plain.subarray(0, -missing), plain)
  })

  it.each([
    ['tRNS', 6],
    ['sRGB', 1],
    ['sBIT', 3],
    ['bKGD', 6],
    ['pHYs', 9],
    ['cICP', 4],
    ['cLLI', 8],
  ])('keeps %s', async (type, bytes) => {
    await expectNothingFound(pngWith(chunk(type, Buffer.alloc(bytes))))
  })

  it.each([2, 8])('keeps the orientation %i', async (orientation) => {
    await expectCleaned(
      pngWith(chunk('eXIf', makeExif({ orientation }))),
      pngWith(chunk('eXIf', turnedBy(orientation))),
    )
  })

  describe('of a colour profile', () => {
    const cleaned = standardFor(srgbProfile()) ?? Buffer.alloc(0)

    it('keeps the colours, under a name that is the same for all profiles', async () => {
      const { outcome, bytes } = await clean(
        pngWith(profileChunk(`${secret} screen`, deflateSync(srgbProfile()))),
      )
      expect(outcome).toBe('removed')
      const at = bytes.indexOf('iCCP')
      const body = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4))
      expect(body.subarray(0, 5).toString('latin1')).toBe('icc\0\0')
      expect(inflateSync(body.subarray(5))).toEqual(Buffer.from(cleaned))
      expect(bytes.equals(pngWith(profileChunk('icc', body.subarray(5))))).toBe(true)
    })

    it('finds nothing in a standard profile, however it is compressed', async () => {
      for (const level of [0, 9])
        await expectNothingFound(pngWith(profileChunk('icc', deflateSync(cleaned, { level }))))
    })

    it.each([1, 79])('accepts a name of %i characters', async (length) => {
      expect(
        (await clean(pngWith(profileChunk('x'.repeat(length), deflateSync(cleaned))))).outcome,
      ).toBe('removed')
    })

    it.each([
      ['without a name', profileChunk('', deflateSync(cleaned))],
      ['with a name of eighty characters', profileChunk('x'.repeat(80), deflateSync(cleaned))],
      [
        'with an unknown compression',
        chunk('iCCP', Buffer.concat([Buffer.from('icc\0\x01'), deflateSync(cleaned)])),
      ],
      ['that is not compressed', profileChunk('icc', cleaned)],
      ['whose end is missing', profileChunk('icc', deflateSync(cleaned).subarray(0, -8))],
      ['of nothing', profileChunk('icc', deflateSync(Buffer.alloc(0)))],
      [
        'with a wrong checksum',
        Buffer.concat([
          profileChunk('icc', deflateSync(srgbProfile())).subarray(0, -4),
          Buffer.alloc(4),
        ]),
      ],
      ['of a screen', profileChunk('icc', deflateSync(screenProfile()))],
    ])('%s is dropped', async (_, profile) => {
      await expectCleaned(pngWith(profile), plain)
    })

    it.each([
      [-1, true],
      [0, true],
      [1, false],
    ])('%i bytes from the bound, keeps it: %s', async (offset, isKept) => {
      const padded = Buffer.concat([
        srgbProfile(),
        Buffer.alloc(maxPieceBytes - srgbProfile().length + offset),
      ])
      const { outcome, bytes } = await clean(pngWith(profileChunk('large', deflateSync(padded))))
      expect([outcome, bytes.includes('iCCP')]).toEqual(['removed', isKept])
    })
  })

  describe('of primaries and gamma', () => {
    const numbers = (...values: readonly number[]) => {
      const bytes = Buffer.alloc(4 * values.length)
      for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i)
      return bytes
    }
    const srgb = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000]

    it('keeps those of a standard, and rounds others to them', async () => {
      const standard = pngWith(chunk('gAMA', numbers(45455)), chunk('cHRM', numbers(...srgb)))
      await expectNothingFound(standard)
      const rounded = srgb.map((value, i) => value + 30 * (i - 4))
      await expectCleaned(
        pngWith(chunk('gAMA', numbers(45600)), chunk('cHRM', numbers(...rounded))),
        standard,
      )
    })

    it.each([
      ['primaries of a screen', chunk('cHRM', numbers(...srgb.with(2, 64300)))],
      ['primaries that are cut off', chunk('cHRM', numbers(...srgb).subarray(1))],
      ['the gamma of a screen', chunk('gAMA', numbers(48712))],
      ['an empty gamma', chunk('gAMA')],
      ['the screen that it was edited on', chunk('mDCV', Buffer.alloc(24, 1))],
    ])('drops %s', async (_, planted) => {
      await expectCleaned(pngWith(planted), plain)
    })
  })

  describe('of an animation', () => {
    const animation = (frames: number) => {
      const body = Buffer.alloc(8)
      body.writeUInt32BE(frames)
      return chunk('acTL', body)
    }
    const control = chunk('fcTL', Buffer.alloc(26))
    const frame = chunk('fdAT', `\0\0\0\x01${secret}`)
    const png = (...chunks: readonly Uint8Array[]) =>
      Buffer.concat([signature, header, ...chunks, end])
    const animated = png(animation(2), control, pixels, control, frame)

    it('keeps every frame', async () => {
      await expectNothingFound(animated)
    })

    it.each([
      ['frames without an animation', png(control, pixels, control, frame), plain],
      ['an animation that begins too late', png(pixels, animation(1), control, frame), plain],
      ['an animation of no frames', png(animation(0), control, pixels, control, frame), plain],
      [
        'frames over the stated number',
        png(animation(2), control, pixels, control, frame, control, frame),
        animated,
      ],
      [
        'pixels before their frame',
        png(animation(2), control, pixels, frame, control, frame),
        animated,
      ],
      [
        'a second beginning',
        png(animation(2), animation(9), control, pixels, control, frame),
        animated,
      ],
      ['pixels after another chunk', png(pixels, chunk('tEXt', secret), pixels), plain],
    ])('drops %s', async (_, whole, expected) => {
      await expectCleaned(whole, expected)
    })

    it.each([
      ['whose first picture is not shown', png(animation(1), pixels, control, frame)],
      ['whose beginning is cut off', png(chunk('acTL', Buffer.alloc(7)), control, pixels)],
      ['with a frame that is too long', png(animation(1), chunk('fcTL', Buffer.alloc(27)), pixels)],
    ])('leaves one alone %s', async (_, whole) => {
      await expectLeftAlone(whole)
    })
  })

  describe('leaves a picture alone', () => {
    const critical = chunk('CgBI', '\0\0\0\0')
    it.each([
      ['without a header', Buffer.concat([signature, pixels, end])],
      ['with two headers', pngWith(header)],
      ['without pixels', Buffer.concat([signature, header, end])],
      ['that ends in its pixels', plain.subarray(0, -13)],
      [
        'with content in its end chunk',
        Buffer.concat([signature, header, pixels, chunk('IEND', 'x')]),
      ],
      ['with an unknown critical chunk', pngWith(critical)],
      ['with an invalid type', pngWith(chunk('tE?t', secret))],
      ['with a chunk that reaches past the end', pngWith(Buffer.from('7fffffff74455874', 'hex'))],
      ['with a length over the maximum', pngWith(Buffer.from('8000000074455874', 'hex'))],
    ])('%s', async (_, picture) => {
      await expectLeftAlone(picture)
    })

    it.each([
      ['PLTE', 768],
      ['tRNS', 256],
      ['sRGB', 1],
      ['sBIT', 4],
      ['bKGD', 6],
      ['pHYs', 9],
      ['cICP', 4],
      ['cLLI', 8],
      ['cLLi', 8],
    ])('with one byte too many in %s', async (type, bytes) => {
      await expectNothingFound(pngWith(chunk(type, Buffer.alloc(bytes - 1))))
      await expectNothingFound(pngWith(chunk(type, Buffer.alloc(bytes))))
      await expectLeftAlone(pngWith(chunk(type, Buffer.alloc(bytes + 1))))
    })
  })
})
