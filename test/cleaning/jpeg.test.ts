import { openAsBlob } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { windowBytes } from '../../src/cleaning/blob-reader.ts'
import { cleanFile } from '../../src/cleaning/clean.ts'
import { cleanPrintProfile } from '../../src/cleaning/icc-print-profile.ts'
import { standardFor } from '../../src/cleaning/icc-profile.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import {
  clean,
  expectCleaned,
  expectLeftAlone,
  expectNothingFound,
  hasSecret,
  readPicture,
  secret,
} from './pictures.ts'
import { makeExif, turnedBy } from './planted-exif.ts'
import { eoi, jfif, jpegWith, scan, scanHeader, segment, soi, tables } from './planted-jpeg.ts'
import { screenProfile, srgbProfile } from './planted-profile.ts'
import { digestPixels, hasAll } from './tools.ts'

const plain = jpegWith()
const exif = (options?: Parameters<typeof makeExif>[0]) =>
  segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), makeExif(options)]))
const turned = (orientation: number) =>
  segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), turnedBy(orientation)]))
const iccPiece = (number: number, count: number, content: Uint8Array) =>
  segment(
    0xe2,
    Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([number, count]), content]),
  )

/** A picture whose frame has four components. */
function inFourInks(...planted: readonly Uint8Array[]): Buffer {
  const whole = jpegWith(...planted)
  const at = whole.lastIndexOf(Buffer.from('ffc0', 'hex'))
  const frame = segment(
    0xc0,
    Buffer.concat([
      whole.subarray(at + 4, at + 9),
      Buffer.from([4]),
      Buffer.alloc(12, '011100', 'hex'),
    ]),
  )
  return Buffer.concat([
    whole.subarray(0, at),
    frame,
    whole.subarray(at + 2 + whole.readUInt16BE(at + 2)),
  ])
}

describe('cleanJpeg', () => {
  it('finds nothing in a picture with restart markers', async () => {
    await expectNothingFound(plain)
  })

  describe('drops', () => {
    it.each([
      ['XMP', segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${secret}`)],
      [
        'extended XMP',
        segment(
          0xe1,
          `http://ns.adobe.com/xmp/extension/\0${'A'.repeat(32)}\0\0\0\x20\0\0\0\0${secret}`,
        ),
      ],
      ['Exif of an upright picture', exif({ orientation: 1 })],
      [
        'IPTC',
        segment(0xed, `Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x5a\0\x0c${secret}`),
      ],
      ['a comment', segment(0xfe, secret)],
      ['an empty comment', segment(0xfe, '')],
      ['a thumbnail of JFXX', segment(0xe0, `JFXX\0\x10${secret}`)],
      ['JFIF that is too short', segment(0xe0, 'JFIF\0\x01\x02')],
      ['Adobe that is too short', segment(0xee, 'Adobe\0\x64')],
      ['the list of second pictures', segment(0xe2, `MPF\0MM\0*${secret}`)],
      ['FlashPix', segment(0xe2, `FPXR\0${secret}`)],
      ['an almost empty APP2', segment(0xe2, '')],
      ['provenance', segment(0xeb, `JP\0\0jumb${secret}`)],
      [
        "makers' segments",
        Buffer.concat(
          [0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xec, 0xef].map((marker) =>
            segment(marker, secret),
          ),
        ),
      ],
      ['fill bytes', Buffer.from('ffffff', 'hex')],
      ['more fill bytes than a segment can have', Buffer.alloc(70_000, 0xff)],
      ['one byte between segments', Buffer.alloc(1)],
      ['text between segments', Buffer.from(secret)],
      ['text with a stuffed zero between segments', Buffer.from(`\xff\0${secret}\xff`, 'latin1')],
      ['text directly after the start', Buffer.from(secret)],
      ['a comment of length zero', Buffer.from(`\xff\xfe\0\0${secret}`, 'latin1')],
      ['Exif of length one', Buffer.from(`\xff\xe1\0\x01Exif${secret}`, 'latin1')],
      ['a restart marker outside a scan', Buffer.from('ffd0', 'hex')],
    ])('%s', async (_, planted) => {
      await expectCleaned(jpegWith(planted), plain)
    })

    it.each([
      ['a second picture', readPicture('camera.jpg')],
      ['a video', Buffer.from(`\0\0\0\x18ftypmp42${secret}`, 'latin1')],
      ["makers' trailers", Buffer.from(`SEFH${secret}SEFT`)],
      ['one byte', Buffer.alloc(1)],
    ])('%s after the end', async (_, trailer) => {
      await expectCleaned(Buffer.concat([plain, trailer]), plain)
    })

    it.each([
      ['nothing', Buffer.alloc(0)],
      ['half a marker', Buffer.from('ff', 'hex')],
      ['another picture', readPicture('camera.jpg')],
      ['a segment that reaches past the end', Buffer.from(`\xff\xe1\xff\xff${secret}`, 'latin1')],
      ['half a length', Buffer.from('ffe100', 'hex')],
    ])('%s where the end marker is missing, and puts one there', async (_, trailer) => {
      await expectCleaned(Buffer.concat([plain.subarray(0, -2), trailer]), plain)
    })

    it('a comment between two scans', async () => {
      const scans = [soi, jfif, tables, scan]
      await expectCleaned(
        Buffer.concat([...scans, segment(0xfe, secret), scan, eoi]),
        Buffer.concat([...scans, scan, eoi]),
      )
    })

    it('the thumbnail in JFIF', async () => {
      const withThumbnail = segment(0xe0, 'JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x02sixsix')
      await expectCleaned(Buffer.concat([soi, withThumbnail, tables, scan, eoi]), plain)
    })

    it('bytes after the twelve of the Adobe segment', async () => {
      const adobe = 'Adobe\0\x64\0\0\0\0\x01'
      await expectNothingFound(jpegWith(segment(0xee, adobe)))
      await expectCleaned(jpegWith(segment(0xee, adobe + secret)), jpegWith(segment(0xee, adobe)))
    })
  })

  describe('keeps the orientation of the picture', () => {
    it.each([2, 3, 4, 5, 6, 7, 8])('%i', async (orientation) => {
      await expectCleaned(jpegWith(exif({ orientation })), jpegWith(turned(orientation)))
    })

    it('of the first Exif segment that has one', async () => {
      await expectCleaned(
        jpegWith(exif({ orientation: 1 }), exif({ orientation: 3 }), exif({ orientation: 8 })),
        jpegWith(turned(3)),
      )
    })
  })

  describe('of a colour profile', () => {
    const profile = srgbProfile()
    const standard = standardFor(profile) ?? Buffer.alloc(0)

    it('keeps the colours in one segment, whatever the order of its segments', async () => {
      const whole = jpegWith(
        iccPiece(2, 2, profile.subarray(200)),
        iccPiece(1, 2, profile.subarray(0, 200)),
      )
      await expectCleaned(whole, jpegWith(iccPiece(1, 1, standard)))
    })

    it.each([
      ['of a screen', [iccPiece(1, 1, screenProfile())]],
      ['for printing in a picture that is not', [iccPiece(1, 1, screenProfile({}, 'CMYKLab '))]],
      ['with a missing segment', [iccPiece(1, 2, profile)]],
      ['with a segment twice', [iccPiece(1, 2, profile), iccPiece(1, 2, profile)]],
      ['beside another one', [iccPiece(1, 1, profile), iccPiece(1, 1, profile)]],
      ['without a beginning', [iccPiece(0, 1, profile)]],
      ['of nothing', [iccPiece(1, 1, Buffer.alloc(0))]],
    ])('drops one %s', async (_, pieces) => {
      await expectCleaned(jpegWith(...pieces), plain)
    })

    it('keeps the tables of a picture for printing, and says so', async () => {
      const tables = screenProfile({ A2B0: Buffer.from('mft2\0\0\0\0tables') }, 'CMYKLab ')
      const inFour = (content: Uint8Array) => inFourInks(iccPiece(1, 1, content))
      const cleaned = inFour(cleanPrintProfile(tables))
      const result = await cleanFile(new Blob([Uint8Array.from(inFour(tables))]))
      expect(result).toMatchObject({ outcome: 'removed', remark: 'print_profile' })
      expect(Buffer.from(await result.content.arrayBuffer()).equals(cleaned)).toBe(true)
      expect(await cleanFile(new Blob([Uint8Array.from(cleaned)]))).toMatchObject({
        outcome: 'none_found',
        remark: 'print_profile',
      })
    })

    it('drops a damaged one of a picture for printing', async () => {
      await expectCleaned(
        inFourInks(iccPiece(1, 1, screenProfile({}, 'CMYKLab ').subarray(0, -1))),
        inFourInks(),
      )
    })
  })

  describe('leaves a picture alone', () => {
    it.each([
      ['that ends before its scan', plain.subarray(0, plain.indexOf(scanHeader))],
      ['without a scan', Buffer.concat([soi, jfif, tables, eoi])],
      ['without a frame', Buffer.concat([soi, jfif, scan, eoi])],
      ['with two frames', jpegWith(tables)],
      ['that ends after three bytes', Buffer.from('ffd8ff', 'hex')],
      ['with a table of length one', jpegWith(Buffer.from('ffdb0001', 'hex'))],
      ['with a segment that reaches past the end', jpegWith(Buffer.from('ffe1ffff', 'hex'))],
      ['with a second beginning', jpegWith(soi)],
      ['with a reserved marker', jpegWith(segment(0x02, ''))],
      ['that is hierarchical', jpegWith(segment(0xde, Buffer.alloc(9)))],
      ['that is JPEG-LS', jpegWith(segment(0xf7, Buffer.alloc(9)))],
      [
        'with text after a quantisation table',
        jpegWith(segment(0xdb, Buffer.concat([Buffer.alloc(65), Buffer.from(secret)]))),
      ],
      [
        'with text after a Huffman table',
        jpegWith(segment(0xc4, Buffer.concat([Buffer.alloc(17), Buffer.from(secret)]))),
      ],
      ['with text in a restart interval', jpegWith(segment(0xdd, secret))],
      ['with half an arithmetic condition', jpegWith(segment(0xcc, 'abc'))],
    ])('%s', async (_, picture) => {
      await expectLeftAlone(picture)
    })

    it.each([0xc0, 0xda])('with text in the header of a frame or scan (%i)', async (marker) => {
      const at = plain.indexOf(Buffer.from([0xff, marker]))
      const length = plain.readUInt16BE(at + 2)
      const longer = Buffer.concat([
        plain.subarray(0, at),
        segment(
          marker,
          Buffer.concat([plain.subarray(at + 4, at + 2 + length), Buffer.from('text')]),
        ),
        plain.subarray(at + 2 + length),
      ])
      await expectLeftAlone(longer)
    })
  })

  describe('at its bounds', () => {
    // The file also has JFIF, four tables, a scan and the end marker.
    it.each([
      [19_993, 'removed'],
      [19_994, 'cannot_be_removed'],
    ])('with %i comments', async (count, outcome) => {
      expect((await clean(jpegWith(...Array<Buffer>(count).fill(segment(0xfe, ''))))).outcome).toBe(
        outcome,
      )
    })

    it.each([-2, -1, 0, 1])(
      'with the end of a scan %i bytes from the end of a window',
      async (offset) => {
        for (const stuffing of ['00', '00ff', 'd1ff']) {
          // The first window starts at the first coded byte. If the coded bytes end with 0xff, the
          // marker after them turns that byte into a fill byte.
          const coded = Buffer.alloc(windowBytes + offset, stuffing, 'hex')
          const picture = Buffer.concat([
            soi,
            jfif,
            tables,
            scanHeader,
            coded,
            ...(coded.at(-1) === 0xff ? [Buffer.alloc(1)] : []),
            eoi,
          ])
          await expectNothingFound(picture)
          await expectCleaned(Buffer.concat([picture, Buffer.from(secret)]), picture)
        }
      },
    )
  })

  it.skipIf(!hasAll('what a repaired picture shows', 'identify'))(
    'shows what libjpeg shows of a picture with junk and without an end',
    async () => {
      const camera = readPicture('camera.jpg')
      const damaged = Buffer.concat([
        jpegWith().subarray(0, soi.length + jfif.length),
        Buffer.from(secret),
        camera.subarray(soi.length, camera.lastIndexOf(eoi)),
      ])
      const { outcome, bytes } = await clean(damaged)
      expect(outcome).toBe('removed')
      expect(hasSecret(bytes)).toBe(false)
      expect(await digestPixels('picture.jpg', bytes)).toBe(
        await digestPixels('picture.jpg', damaged),
      )
    },
  )

  it.skipIf(!hasAll('what a cleaned picture with restart markers shows', 'identify'))(
    'shows the same picture, restart markers included',
    async () => {
      const { bytes } = await clean(jpegWith(segment(0xfe, secret)))
      expect(hasSecret(bytes)).toBe(false)
      expect(await digestPixels('picture.jpg', bytes)).toBe(
        await digestPixels('picture.jpg', jpegWith(segment(0xfe, secret))),
      )
    },
  )

  it('reads a hundred megabytes in pieces, each once', async () => {
    const path = join(await makeTempDir(), 'large.jpg')
    const file = await open(path, 'w')
    const start = Buffer.concat([soi, jfif, segment(0xfe, secret), tables, scan])
    await file.write(start)
    await file.truncate(100_000_000)
    await file.write(Buffer.concat([eoi, Buffer.from(secret)]), 0, null, 100_000_000)
    await file.close()
    const sizes: number[] = []
    // oxlint-disable-next-line typescript/unbound-method -- it is called on the blob below
    const { arrayBuffer } = Blob.prototype
    vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(function (this: Blob) {
      sizes.push(this.size)
      return arrayBuffer.call(this)
    })
    const { outcome, content } = await cleanFile(await openAsBlob(path))
    expect(outcome).toBe('removed')
    expect(content.size).toBe(100_000_000 - segment(0xfe, secret).length + eoi.length)
    expect(Math.max(...sizes)).toBe(windowBytes)
    expect(sizes.reduce((sum, bytes) => sum + bytes)).toBeLessThan(101_000_000)
  })
})
