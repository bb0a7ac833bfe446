import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { maxPieceBytes } from '../../src/cleaning/blob-reader.ts'
import { cleanIccProfile } from '../../src/cleaning/icc-profile.ts'
import { clean, expectCleaned, expectLeftAlone, expectNothingFound, secret } from './pictures.ts'
import { makeExif, turnedBy } from './planted-exif.ts'
import { screenProfile } from './planted-profile.ts'

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

  it.each([
    ['tRNS', 6],
    ['gAMA', 4],
    ['cHRM', 32],
    ['sRGB', 1],
    ['sBIT', 3],
    ['bKGD', 6],
    ['pHYs', 9],
    ['cICP', 4],
    ['mDCV', 24],
    ['cLLI', 8],
    ['acTL', 8],
    ['fcTL', 26],
    ['fdAT', 5],
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
    const cleaned = cleanIccProfile(screenProfile())

    it('keeps the colours, under a name that is the same for all profiles', async () => {
      const { outcome, bytes } = await clean(
        pngWith(profileChunk(`${secret} screen`, deflateSync(screenProfile()))),
      )
      expect(outcome).toBe('removed')
      const at = bytes.indexOf('iCCP')
      const body = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4))
      expect(body.subarray(0, 5).toString('latin1')).toBe('icc\0\0')
      expect(inflateSync(body.subarray(5))).toEqual(Buffer.from(cleaned))
      expect(bytes.equals(pngWith(profileChunk('icc', body.subarray(5))))).toBe(true)
    })

    it('finds nothing in a profile without texts, however it is compressed', async () => {
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
        Buffer.concat([profileChunk('icc', deflateSync(cleaned)).subarray(0, -4), Buffer.alloc(4)]),
      ],
    ])('%s leaves the picture alone', async (_, profile) => {
      await expectLeftAlone(pngWith(profile))
    })

    it.each([
      [-1, 'removed'],
      [0, 'removed'],
      [1, 'cannot_be_removed'],
    ])('%i bytes from the bound', async (offset, outcome) => {
      const padded = Buffer.concat([
        screenProfile(),
        Buffer.alloc(maxPieceBytes - screenProfile().length + offset),
      ])
      expect((await clean(pngWith(profileChunk('large', deflateSync(padded))))).outcome).toBe(
        outcome,
      )
    })
  })

  describe('leaves a picture alone', () => {
    const critical = chunk('CgBI', '\0\0\0\0')
    it.each([
      ['without a header', Buffer.concat([signature, pixels, end])],
      ['with two headers', pngWith(header)],
      ['without pixels', Buffer.concat([signature, header, end])],
      ['without an end', plain.subarray(0, -12)],
      ['with half an end', plain.subarray(0, -1)],
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
      ['gAMA', 4],
      ['cHRM', 32],
      ['sRGB', 1],
      ['sBIT', 4],
      ['bKGD', 6],
      ['pHYs', 9],
      ['cICP', 4],
      ['mDCV', 24],
      ['mDCv', 24],
      ['cLLI', 8],
      ['cLLi', 8],
      ['acTL', 8],
      ['fcTL', 26],
    ])('with one byte too many in %s', async (type, bytes) => {
      await expectNothingFound(pngWith(chunk(type, Buffer.alloc(bytes - 1))))
      await expectNothingFound(pngWith(chunk(type, Buffer.alloc(bytes))))
      await expectLeftAlone(pngWith(chunk(type, Buffer.alloc(bytes + 1))))
    })
  })
})
