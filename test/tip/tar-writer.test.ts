import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxAttachments, maxTipBytes } from '../../src/tip/bounds.ts'
import { sanitizeName, uniqueNames } from '../../src/tip/names.ts'
import { packedBytes, packTip, type AttachmentContent } from '../../src/tip/tar-writer.ts'
import { codeOf, codeOfCall, collect, inPieces, readAll, streamOf, utf8 } from './streams.ts'

const tipJson = utf8('{"narrative":"그들이 그를 데려갔습니다"}\n')
const attachment = (name: string, bytes: Uint8Array): AttachmentContent => ({
  name,
  bytes: bytes.length,
  content: () => streamOf(bytes),
})
const pack = (...attachments: AttachmentContent[]) => collect(packTip({ tipJson, attachments }))

describe('packTip', () => {
  it('packs a text-only tip into 64 KiB', async () => {
    const bytes = await pack()
    expect(bytes).toHaveLength(65_536)
    expect(bytes.subarray(512, 512 + tipJson.length)).toEqual(tipJson)
    expect(bytes.subarray(1_024).every((byte) => byte === 0)).toBe(true)
  })

  it('writes a header that reveals only path and size', async () => {
    const header = new TextDecoder().decode((await pack()).subarray(0, 512))
    const expected = [
      'tip.json'.padEnd(100, '\0'), // name
      '0000644\0', // mode
      '0000000\0',
      '0000000\0', // owner, group
      '00000000064\0', // size: 52
      '00000000000\0', // time
      '010674\0 ', // checksum
      '0', // a plain file
      '\0'.repeat(100), // link
      'ustar\x0000',
      '\0'.repeat(64), // names of owner and group
      '0000000\0',
      '0000000\0', // device
      '\0'.repeat(155 + 12), // prefix
    ].join('')
    expect(tipJson).toHaveLength(52)
    expect(header).toBe(expected)
  })

  it('writes a pax header for a name that is not ASCII or too long', async () => {
    const bytes = await pack(attachment('사진.jpg', utf8('a')))
    expect(new TextDecoder().decode(bytes.subarray(1_024, 1_036))).toBe('PaxHeaders/1')
    expect(new TextDecoder().decode(bytes.subarray(1_536, 1_566))).toBe(
      '31 path=attachments/사진.jpg',
    )
    expect(new TextDecoder().decode(bytes.subarray(2_048, 2_068))).toBe('attachments/__.jpg\0\0')
  })

  it.each([
    ['88 bytes, without', 84, 1_024],
    ['89 bytes, with', 85, 2_048],
  ])('needs pax from 89 ASCII bytes on: %s', async (_, length, at) => {
    const bytes = await pack(attachment(`${'a'.repeat(length)}.jpg`, utf8('a')))
    expect(new TextDecoder().decode(bytes.subarray(at, at + 15))).toBe('attachments/aaa')
    expect([...(await readAll(streamOf(bytes))).keys()]).toEqual([
      'tip.json',
      `attachments/${'a'.repeat(length)}.jpg`,
    ])
  })

  it('gives the same bytes every time', async () => {
    const make = () => pack(attachment('a.jpg', utf8('x')), attachment('나.jpg', utf8('y')))
    expect(await make()).toEqual(await make())
  })

  it('passes content through without copying', async () => {
    const content = new Uint8Array(100_000).fill(1)
    const buffers = new Set<ArrayBufferLike>()
    for await (const chunk of packTip({ tipJson, attachments: [attachment('a', content)] }))
      buffers.add(chunk.buffer)
    expect(buffers).toContain(content.buffer)
  })

  it('works with a reader that transfers the memory of its chunks', async () => {
    let bytes = 0
    const attachments = [
      {
        name: 'a',
        bytes: 70_000_000,
        content: () =>
          (async function* () {
            for (let i = 0; i < 70; i += 1) yield new Uint8Array(1_000_000)
          })(),
      },
    ]
    for await (const chunk of packTip({ tipJson, attachments }))
      bytes += structuredClone(chunk, { transfer: [chunk.buffer as ArrayBuffer] }).length
    expect(bytes).toBe(packedBytes(tipJson.length, attachments))
  })

  it('round-trips any content, in any pieces, and announces the exact length', async () => {
    const files = fc.array(
      fc.tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.uint8Array({ maxLength: 3_000 })),
      { maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 900 }), async (raw, piece) => {
        const names = uniqueNames(raw.map(([name]) => name))
        const attachments = raw.map(([, bytes], i) => ({
          name: names[i]!,
          bytes: bytes.length,
          content: () => inPieces(bytes, [piece]),
        }))
        const packed = await pack(...attachments)
        expect(packed.length).toBe(packedBytes(tipJson.length, attachments))
        expect([...(await readAll(streamOf(packed)))]).toEqual([
          ['tip.json', tipJson],
          ...raw.map(([, bytes], i) => [`attachments/${names[i]}`, bytes]),
        ])
      }),
      { numRuns: 100 },
    )
  })
})

describe('when content does not have the announced length', () => {
  const lying = (said: number, ...chunks: number[]) =>
    codeOf(
      collect(
        packTip({
          tipJson,
          attachments: [
            {
              name: 'a',
              bytes: said,
              content: () => streamOf(...chunks.map((size) => new Uint8Array(size))),
            },
          ],
        }),
      ),
    )

  it.each([[9, 10], [10, 5, 4], [10, 10, 1], [1], [0, 1]])(
    'throws CONTENT_LENGTH: %j',
    async (said, ...chunks) => {
      expect(await lying(said, ...chunks)).toBe('CONTENT_LENGTH')
    },
  )
  it.each([[10, 10], [10, 0, 5, 0, 5, 0], [0], [0, 0]])('accepts %j', async (said, ...chunks) => {
    expect(await lying(said, ...chunks)).toBe('accepted')
  })

  it('closes the content', async () => {
    let isClosed = false
    const content = async function* () {
      try {
        yield new Uint8Array(2)
      } finally {
        isClosed = true
      }
    }
    await codeOf(collect(packTip({ tipJson, attachments: [{ name: 'a', bytes: 1, content }] })))
    expect(isClosed).toBe(true)
  })
})

describe('what packTip refuses before the first byte', () => {
  const empty = (name: string, bytes = 0) => ({ name, bytes, content: () => streamOf() })
  const codeFor = async (attachments: AttachmentContent[], json = tipJson) => {
    const first = await codeOf(packTip({ tipJson: json, attachments }).next())
    expect(codeOfCall(() => packedBytes(json.length, attachments))).toBe(first)
    return first
  }

  it.each([
    '',
    '..',
    'a/b',
    '../a',
    'a\\b',
    '.a',
    'a\u202eb',
    'con',
    'a'.repeat(201),
    '\u1112\u1161\u11ab',
  ])('the name %j', async (name) => {
    expect(await codeFor([empty(name)])).toBe('NAME_INVALID')
    expect(await codeFor([empty(sanitizeName(name))])).toBe('accepted')
  })
  it('two names that are one file', async () =>
    expect(await codeFor([empty('a.jpg'), empty('A.JPG')])).toBe('NAME_DUPLICATE'))
  it.each([-1, 1.5, Number.NaN, 2 ** 53])('the size %d', async (bytes) =>
    expect(await codeFor([empty('a', bytes)])).toBe('SIZE_INVALID'),
  )

  it('too many attachments', async () => {
    const many = (count: number) => codeFor(Array.from({ length: count }, (_, i) => empty(`${i}`)))
    expect([
      await many(maxAttachments - 1),
      await many(maxAttachments),
      await many(maxAttachments + 1),
    ]).toEqual(['accepted', 'accepted', 'TOO_MANY_ATTACHMENTS'])
  })
  it('a tip.json too large', async () => {
    const codes = await Promise.all(
      [-1, 0, 1].map((more) => codeFor([], new Uint8Array(maxTipBytes + more))),
    )
    expect(codes).toEqual(['accepted', 'accepted', 'TIP_TOO_LARGE'])
  })
})

describe('packedBytes', () => {
  // From 8 GiB on, Padmé pads to multiples of 2^27. The second file fills the archive exactly up to
  // a multiple, or exceeds it by one byte.
  const step = 2 ** 27
  it.each([
    ['8 GiB - 1 fits eleven octal digits', 8 ** 11 - 1, 3_072],
    ['8 GiB needs two more blocks that say it', 8 ** 11, 4_096],
  ])('%s', (_, bytes, overhead) => {
    const packed = (more: number) =>
      packedBytes(512, [
        { name: 'video.mp4', bytes },
        { name: 'b', bytes: step - overhead + more },
      ])
    expect([packed(0), packed(1)]).toEqual([2 ** 33 + step, 2 ** 33 + 2 * step])
  })
})

describe('when an attachment is 8 GiB or more', () => {
  it('says its size in pax and zero in the header', async () => {
    const video = { name: 'video.mp4', bytes: 8 ** 11, content: () => streamOf() }
    const { value } = await packTip({ tipJson, attachments: [video] }).next()
    const textAt = (start: number, end: number) =>
      new TextDecoder().decode(value?.subarray(start, end))
    expect(textAt(1_536, 1_557)).toBe('19 size=8589934592\n\0\0')
    expect(textAt(2_048 + 124, 2_048 + 136)).toBe('00000000000\0')
  })
})
