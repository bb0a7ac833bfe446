import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, hasSecret, pictureNames, readPicture, secret } from './pictures.ts'
import { makeExif } from './planted-exif.ts'
import { jpegWith, segment } from './planted-jpeg.ts'

const runs = Number(process.env.TUMEN_FUZZ_RUNS ?? 60)

interface Damage {
  kind: 'flip' | 'cut' | 'end' | 'repeat' | 'number'
  /** Position as a fraction of the length, so that one damage fits every picture. */
  at: number
  length: number
  value: number
}

const damage = fc.array(
  fc.record<Damage>({
    kind: fc.constantFrom('flip', 'cut', 'end', 'repeat', 'number'),
    at: fc.oneof(
      { weight: 3, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 0.05, noNaN: true }) },
    ),
    length: fc.integer({ min: 1, max: 64 }),
    value: fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

function apply(picture: Buffer, { kind, at: share, length, value }: Damage): Buffer {
  const at = Math.floor(share * picture.length)
  const [before, after] = [picture.subarray(0, at), picture.subarray(at)]
  switch (kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.from([value & 255]), after.subarray(1)])
    case 'number': {
      const number = Buffer.alloc(4)
      number.writeUInt32BE(value)
      return Buffer.concat([before, number, after.subarray(4)])
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(length)])
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, length), after])
    case 'end':
      return before
  }
}

async function expectNoSecret(picture: Buffer): Promise<void> {
  const { outcome, bytes } = await clean(picture)
  expect(bytes.equals(picture)).toBe(outcome !== 'removed')
  if (outcome === 'cannot_be_removed') return
  expect(hasSecret(bytes)).toBe(false)
  const again = await clean(bytes)
  expect({ outcome: again.outcome, isSame: again.bytes.equals(bytes) }).toEqual({
    outcome: 'none_found',
    isSame: true,
  })
}

/**
 * Viewers show a JPEG as far as its scan goes, a PNG as far as its pixels go, and each frame of a
 * GIF that is whole.
 */
function startOfPixels(name: string, bytes: Buffer): number {
  if (name.endsWith('.jpg')) return bytes.lastIndexOf(Buffer.from('ffda', 'hex'))
  if (name.endsWith('.png')) return bytes.indexOf('IDAT')
  const gifHeaderBytes = 13
  return name.endsWith('.gif') ? gifHeaderBytes : bytes.length
}

describe('a damaged picture', () => {
  it.each(pictureNames)('is either cleaned completely or left alone: %s', async (name) => {
    const picture = readPicture(name)
    await fc.assert(
      fc.asyncProperty(damage, (list) => expectNoSecret(list.reduce(apply, picture))),
      { numRuns: runs },
    )
  })

  it.each(['camera.jpg', 'camera.png', 'camera.webp', 'camera.heic', 'animated.gif'])(
    'is left alone when it is truncated before its pixels: %s',
    async (name) => {
      const { bytes } = await clean(readPicture(name))
      const end = startOfPixels(name, bytes)
      for (let length = 0; length < end; length += 1) {
        expect((await clean(bytes.subarray(0, length))).outcome).toBe('cannot_be_removed')
      }
      for (let length = 0; length < readPicture(name).length; length += 7)
        await expectNoSecret(readPicture(name).subarray(0, length))
    },
  )
})

describe('a generated JPEG', () => {
  const planted = fc.array(
    fc.oneof(
      fc
        .record({
          marker: fc.integer({ min: 0xe0, max: 0xef }),
          name: fc.constantFrom(
            '',
            'Exif\0\0',
            'JFIF\0',
            'JFXX\0',
            'Adobe',
            'MPF\0',
            'Photoshop 3.0\0',
            'http://ns.adobe.com/xap/1.0/\0',
          ),
        })
        .map(({ marker, name }) => segment(marker, `${name}${'.'.repeat(20)}${secret}`)),
      fc
        .integer({ min: 1, max: 8 })
        .map((orientation) =>
          segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), makeExif({ orientation })])),
        ),
      fc.constant(segment(0xfe, secret)),
    ),
    { maxLength: 10 },
  )

  it('keeps no planted text, whatever precedes and follows it', async () => {
    await fc.assert(
      fc.asyncProperty(planted, fc.uint8Array({ maxLength: 20 }), async (segments, trailer) => {
        const { outcome, bytes } = await clean(
          Buffer.concat([jpegWith(...segments), trailer, Buffer.from(secret)]),
        )
        expect({ outcome, hasSecret: hasSecret(bytes) }).toEqual({
          outcome: 'removed',
          hasSecret: false,
        })
      }),
      { numRuns: runs },
    )
  })
})

describe('arbitrary bytes', () => {
  const starts = [
    '\xff\xd8\xff',
    '\x89PNG\r\n\x1a\n',
    'RIFF\x40\0\0\0WEBP',
    'GIF89a',
    '\0\0\0\x18ftypheic',
  ].map((start) => Buffer.from(start, 'latin1'))

  it('are left alone or cleaned, and never cause an exception', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.uint8Array({ maxLength: 200 }),
        async (start, rest) => {
          await expectNoSecret(Buffer.concat([start, rest]))
        },
      ),
      { numRuns: runs * 5 },
    )
  })
})
