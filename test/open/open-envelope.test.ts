import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateIdentity } from '../../src/age/keys.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import type { OpenedEnvelope } from '../../src/open/opened-envelope.ts'
import { openEnvelope } from '../../src/open/open-envelope.ts'
import { maxTipBytes } from '../../src/tip/bounds.ts'
import type { DetentionTip } from '../../src/tip/schema.ts'
import { pieces } from '../age/pieces.ts'
import { primitives } from '../support/ceremony.ts'
import { fileOf, plainTip, sealByHand, sealWhole, sha256 } from '../support/sealed.ts'
import { utf8 } from '../tip/streams.ts'
import { archive, entry, zeroBlocks } from '../tip/tar-blocks.ts'

const identity = generateIdentity(primitives, 'hybrid')
const photo = Buffer.alloc(70_000, 'photo')

interface Opened extends OpenedEnvelope {
  /** Files that reached the sink complete. */
  files: Map<string, Buffer>
}

async function open(
  envelope: Uint8Array,
  options: { identities?: (typeof identity)[]; pieceBytes?: number } = {},
): Promise<Opened> {
  const files = new Map<string, Buffer>()
  const sink = {
    async createFile(path: string) {
      if (files.has(path)) throw new Error(`${path} was created twice`)
      const chunks: Uint8Array[] = []
      return {
        write: async (chunk: Uint8Array) => void chunks.push(chunk.slice()),
        end: async () => void files.set(path, Buffer.concat(chunks)),
        discard: async () => void chunks.splice(0),
      }
    },
  }
  const { identities = [identity], pieceBytes = 100_000 } = options
  const opened = await openEnvelope({
    primitives,
    engine: inlineEngine(primitives),
    identities,
    envelope: pieces(envelope, pieceBytes),
    again: () => pieces(envelope, pieceBytes),
    sink,
  })
  return { ...opened, files }
}

const openPlain = async (plaintext: Uint8Array) =>
  await open(await sealByHand(primitives, [identity], plaintext))
const tipEntry = (tip: object = plainTip) =>
  entry({ path: 'tip.json', content: utf8(JSON.stringify(tip)) })
const codes = ({ problems }: OpenedEnvelope) => problems.map(({ code }) => code)

describe('openEnvelope', () => {
  it('returns what was sealed, without a problem', async () => {
    const opened = await open(
      await sealWhole(primitives, [identity], plainTip, [fileOf('사진.jpg', photo)]),
    )
    const described = {
      name: '사진.jpg',
      media_type: null,
      bytes: photo.length,
      sha256: sha256(photo),
    }
    expect(opened.tip).toEqual({ ...plainTip, attachments: [described] })
    expect(opened.attachments).toEqual([
      { path: 'attachments/사진.jpg', bytes: photo.length, sha256: sha256(photo) },
    ])
    expect(opened.problems).toEqual([])
    expect([...opened.files.keys()]).toEqual(['tip.json', 'attachments/사진.jpg'])
    expect(opened.files.get('attachments/사진.jpg')?.equals(photo)).toBe(true)
  })

  it('returns the same when the bytes arrive one at a time', async () => {
    const sealed = await sealWhole(primitives, [identity])
    expect(await open(sealed, { pieceBytes: 1 })).toEqual(await open(sealed))
  })

  it('closes the envelope when nothing can be written', async () => {
    let isClosed = false
    async function* envelope(plaintext: Uint8Array) {
      try {
        yield* pieces(await sealByHand(primitives, [identity], plaintext), 1_000)
      } finally {
        isClosed = true
      }
    }
    const sink = { createFile: () => Promise.reject(new Error('the disk is full')) }
    await expect(
      openEnvelope({
        primitives,
        engine: inlineEngine(primitives),
        identities: [identity],
        envelope: envelope(photo),
        sink,
      }),
    ).rejects.toThrow('the disk is full')
    expect(isClosed).toBe(true)
  })

  describe('when it is not sealed to us', () => {
    it('throws NO_MATCH and creates nothing', async () => {
      const sealed = await sealWhole(primitives, [generateIdentity(primitives, 'hybrid')])
      await expect(open(sealed)).rejects.toMatchObject({ name: 'AgeError', code: 'NO_MATCH' })
    })
  })

  describe('when the plaintext is not an archive', () => {
    it.each([
      ['a photo', photo],
      ['nothing', new Uint8Array(0)],
      ['less than a block', utf8('그냥 글')],
      ['zeros', zeroBlocks(20)],
    ])('keeps %s as attachments/unpacked', async (_what, plaintext) => {
      const opened = await openPlain(plaintext)
      expect(opened).toMatchObject({
        tip: null,
        attachments: [
          { path: 'attachments/unpacked', bytes: plaintext.length, sha256: sha256(plaintext) },
        ],
      })
      expect(codes(opened)).toEqual(['NOT_TAR', 'TIP_MISSING'])
      expect(opened.files.get('attachments/unpacked')?.equals(plaintext)).toBe(true)
    })
  })

  describe('when tip.json is missing', () => {
    it('keeps the files', async () => {
      const opened = await openPlain(archive(entry({ path: 'attachments/a', content: photo })))
      expect(codes(opened)).toEqual(['TIP_MISSING'])
      expect([...opened.files.keys()]).toEqual(['attachments/a'])
    })
  })

  describe('when tip.json is refused', () => {
    it.each([
      ['not JSON', utf8('{"narrative":'), 'tip.json is not JSON'],
      ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
      ['no tip', utf8('{"narrative":""}'), 'narrative'],
    ])('keeps it unchanged when it is %s', async (_what, content, detail) => {
      const opened = await openPlain(
        archive(
          entry({ path: 'tip.json', content }),
          entry({ path: 'attachments/a', content: photo }),
        ),
      )
      expect(opened.tip).toBeNull()
      expect(opened.problems).toEqual([
        { code: 'TIP_REFUSED', detail: expect.stringContaining(detail) },
      ])
      expect([...opened.files.keys()]).toEqual(['tip.json', 'attachments/a'])
      expect(opened.files.get('tip.json')?.equals(content)).toBe(true)
    })

    it('reports nothing of its content', async () => {
      const { problems } = await openPlain(
        archive(
          entry({
            path: 'tip.json',
            content: utf8('{"narrative":"비밀", "sex":"비밀", "lang":"비밀"}'),
          }),
        ),
      )
      expect(JSON.stringify(problems)).not.toContain('비밀')
    })
  })

  it.each([
    [maxTipBytes - 1, 'TIP_REFUSED'],
    [maxTipBytes, 'TIP_REFUSED'],
    [maxTipBytes + 1, 'TIP_TOO_LARGE'],
  ])('reports for a tip.json of %i bytes: %s', async (bytes, expected) => {
    const opened = await openPlain(
      archive(
        entry({ path: 'tip.json', content: new Uint8Array(bytes) }),
        entry({ path: 'attachments/a', content: photo }),
      ),
    )
    expect(codes(opened)[0]).toBe(expected)
    expect([...opened.files.keys()]).toContain('attachments/a')
  })

  describe('when the attachments do not match tip.json', () => {
    const listed = (name: string, content: Uint8Array) => ({
      name,
      media_type: null,
      bytes: content.length,
      sha256: sha256(content),
    })
    const tip: DetentionTip = { ...plainTip, attachments: [listed('a', photo), listed('b', photo)] }
    const other = Buffer.alloc(photo.length, 'other')

    it.each([
      ['missing', [['a', photo]], ['ATTACHMENT_MISSING']],
      [
        'changed',
        [
          ['a', photo],
          ['b', other],
        ],
        ['ATTACHMENT_CHANGED'],
      ],
      [
        'of another length',
        [
          ['a', photo],
          ['b', photo.subarray(1)],
        ],
        ['ATTACHMENT_CHANGED'],
      ],
      [
        'not listed',
        [
          ['a', photo],
          ['b', photo],
          ['c', photo],
        ],
        ['ATTACHMENT_NOT_LISTED'],
      ],
      [
        'in a folder',
        [
          ['a', photo],
          ['b', photo],
          ['c/a', photo],
        ],
        ['ATTACHMENT_NOT_LISTED'],
      ],
      [
        'all wrong',
        [
          ['a', other],
          ['c', photo],
        ],
        ['ATTACHMENT_CHANGED', 'ATTACHMENT_NOT_LISTED', 'ATTACHMENT_MISSING'],
      ],
      [
        'correct',
        [
          ['b', photo],
          ['a', photo],
        ],
        [],
      ],
    ] as [string, [string, Buffer][], string[]][])(
      'reports that one is %s',
      async (_what, present, expected) => {
        const entries = present.map(([name, content]) =>
          entry({ path: `attachments/${name}`, content }),
        )
        const opened = await openPlain(archive(tipEntry(tip), ...entries))
        expect(codes(opened)).toEqual(expected)
        expect(opened.files.size).toBe(1 + present.length)
      },
    )
  })

  describe('when the archive was packed by hand', () => {
    it('puts every file under attachments/, and reports which were moved', async () => {
      const opened = await openPlain(
        archive(
          tipEntry(),
          entry({ path: './사진.jpg', content: photo }),
          entry({ path: 'sub/-rf', content: photo }),
        ),
      )
      expect([...opened.files.keys()]).toEqual([
        'tip.json',
        'attachments/사진.jpg',
        'attachments/sub/rf',
      ])
      expect(codes(opened)).toEqual([
        'NAME_CHANGED',
        'NAME_CHANGED',
        'ATTACHMENT_NOT_LISTED',
        'ATTACHMENT_NOT_LISTED',
      ])
    })

    it('accepts tip.json only at the top level', async () => {
      const opened = await openPlain(
        archive(entry({ path: 'sub/tip.json', content: utf8('{}') }), tipEntry()),
      )
      expect(opened.tip).toEqual(plainTip)
      expect([...opened.files.keys()]).toEqual(['attachments/sub/tip.json', 'tip.json'])
    })
  })

  it('never throws for an authentic archive, whatever its bytes', async () => {
    const hostile = archive(
      tipEntry(),
      entry({ path: 'attachments/a', content: photo.subarray(0, 600) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: hostile.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const changed = hostile.slice()
          changed[at] = (changed[at] ?? 0) ^ change
          const { attachments } = await openPlain(changed)
          expect(attachments.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never accepts an envelope with one bit changed', async () => {
    const sealed = await sealWhole(primitives, [identity])
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const changed = Buffer.from(sealed)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        await expect(open(changed)).rejects.toMatchObject({ name: 'AgeError' })
      }),
      { numRuns: 200 },
    )
  })

  it('never accepts an envelope cut short', async () => {
    const sealed = await sealWhole(primitives, [identity])
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), async (bytes) => {
        await expect(open(sealed.subarray(0, bytes))).rejects.toMatchObject({ name: 'AgeError' })
      }),
      { numRuns: 100 },
    )
  })
})
