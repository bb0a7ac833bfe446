import { describe, it } from 'vitest'
import { standardFor } from '../../src/cleaning/icc-profile.ts'
import {
  expectCleaned,
  expectLeftAlone,
  expectNothingFound,
  readPicture,
  secret,
} from './pictures.ts'
import { makeExif, turnedBy } from './planted-exif.ts'
import { screenProfile, srgbProfile } from './planted-profile.ts'

function chunk(type: string, body: Uint8Array | string): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body, 'latin1') : Buffer.from(body)
  const size = Buffer.alloc(4)
  size.writeUInt32LE(content.length)
  return Buffer.concat([Buffer.from(type), size, content, Buffer.alloc(content.length % 2)])
}

function riff(...chunks: readonly Uint8Array[]): Buffer {
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]))
}

const simple = readPicture('plain.webp')
const pixels = simple.subarray(12)
const flags = { profile: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04, animation: 0x02 }
/** 64 by 48. */
const extended = (set: number): Buffer =>
  chunk('VP8X', Buffer.from([set, 0, 0, 0, 63, 0, 0, 47, 0, 0]))
const plain = riff(extended(0), pixels)
const frame = (...chunks: readonly Uint8Array[]): Buffer =>
  chunk('ANMF', Buffer.concat([Buffer.alloc(16), ...chunks]))
const animation = (...frames: readonly Uint8Array[]): Buffer =>
  riff(extended(flags.animation), chunk('ANIM', Buffer.alloc(6)), ...frames)

describe('cleanWebp', () => {
  describe('drops', () => {
    it.each([
      ['Exif of an upright picture', flags.exif, chunk('EXIF', makeExif({ orientation: 1 }))],
      ['Exif that is damaged', flags.exif, chunk('EXIF', secret)],
      ['XMP', flags.xmp, chunk('XMP ', secret)],
      [
        'both',
        flags.exif | flags.xmp,
        Buffer.concat([chunk('EXIF', secret), chunk('XMP ', secret)]),
      ],
      ['an unknown chunk of odd length', 0, chunk('ABCD', `${secret}.`)],
      ['a flag without its chunk', flags.xmp, Buffer.alloc(0)],
    ])('%s', async (_, set, planted) => {
      await expectCleaned(riff(extended(set), pixels, planted), plain)
    })

    it('bytes after the pixels of a simple picture', async () => {
      await expectCleaned(riff(pixels, chunk('EXIF', makeExif())), riff(pixels))
    })

    it.each([
      ['text', Buffer.from(secret)],
      ['one byte', Buffer.alloc(1)],
    ])('%s after the end', async (_, trailer) => {
      await expectCleaned(Buffer.concat([simple, trailer]), simple)
    })

    it('unknown chunks in a frame', async () => {
      const alpha = chunk('ALPH', Buffer.alloc(3))
      await expectNothingFound(animation(frame(alpha, pixels), frame(pixels)))
      await expectCleaned(
        animation(frame(alpha, pixels, chunk('ABCD', secret)), frame(pixels)),
        animation(frame(alpha, pixels), frame(pixels)),
      )
    })
  })

  it.each([2, 8])('keeps the orientation %i', async (orientation) => {
    const whole = riff(
      extended(flags.exif | flags.xmp | flags.alpha),
      pixels,
      chunk('EXIF', makeExif({ orientation })),
      chunk('XMP ', secret),
    )
    await expectCleaned(
      whole,
      riff(extended(flags.exif | flags.alpha), pixels, chunk('EXIF', turnedBy(orientation))),
    )
  })

  it('uses the first Exif chunk, with or without a prefix', async () => {
    const prefixed = Buffer.concat([Buffer.from('Exif\0\0'), makeExif({ orientation: 3 })])
    const whole = riff(
      extended(flags.exif),
      pixels,
      chunk('EXIF', prefixed),
      chunk('EXIF', makeExif({ orientation: 8 })),
    )
    await expectCleaned(whole, riff(extended(flags.exif), pixels, chunk('EXIF', turnedBy(3))))
  })

  it('keeps the colours of a standard profile', async () => {
    const standard = standardFor(srgbProfile()) ?? ''
    await expectCleaned(
      riff(extended(flags.profile), chunk('ICCP', srgbProfile()), pixels),
      riff(extended(flags.profile), chunk('ICCP', standard), pixels),
    )
  })

  it.each([
    ['of a screen', screenProfile()],
    ['that is damaged', Buffer.from(secret)],
  ])('drops a profile %s, and its flag', async (_, profile) => {
    await expectCleaned(
      riff(extended(flags.profile | flags.alpha), chunk('ICCP', profile), pixels),
      riff(extended(flags.alpha), pixels),
    )
  })

  describe('leaves a picture alone', () => {
    it.each([
      ['without chunks', riff()],
      ['without pixels', riff(extended(0))],
      ['that begins with something else', riff(chunk('ICCP', screenProfile()), pixels)],
      ['with two headers', riff(extended(0), extended(0), pixels)],
      ['with a header that is too short', riff(chunk('VP8X', Buffer.alloc(9)), pixels)],
      ['with a header that is too long', riff(chunk('VP8X', Buffer.alloc(11)), pixels)],
      ['that ends too early', simple.subarray(0, -1)],
      ['with half a chunk', riff(pixels, Buffer.from('EXIF'))],
      [
        'with a chunk that reaches past the end',
        riff(pixels, chunk('EXIF', secret).subarray(0, -2)),
      ],
      ['of an odd length', Buffer.concat([Buffer.from('RIFF\x05\0\0\0WEBP'), pixels])],
      ['with a frame that is too short', animation(chunk('ANMF', Buffer.alloc(15)))],
      ['with half a chunk in a frame', animation(frame(pixels, Buffer.from('EXIF')))],
    ])('%s', async (_, picture) => {
      await expectLeftAlone(picture)
    })
  })
})
