import { describe, expect, it } from 'vitest'
import { generateIdentity } from '../../src/age/keys.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import { openEnvelope } from '../../src/open/open-envelope.ts'
import { maxTipBytes } from '../../src/tip/bounds.ts'
import { serializeTip } from '../../src/tip/tip-json.ts'
import { pieces } from '../age/pieces.ts'
import { primitives } from '../support/ceremony.ts'
import { plainTip, sealByHand } from '../support/sealed.ts'
import { concat, utf8 } from '../tip/streams.ts'
import { archive, entry, gnuLongName, pax, paxRecord, zeroBlocks } from '../tip/tar-blocks.ts'

/*
 * Archives as honest people make them by hand. Each holds a valid tip and a photo `good.jpg` after
 * the untidy part, so that every case shows that the rest survives.
 */

const identity = generateIdentity(primitives, 'hybrid')
const tip = entry({ content: serializeTip(plainTip) })
const photo = utf8('a photo')
const file = (path: string | Uint8Array, change: Parameters<typeof entry>[0] = {}) =>
  entry({ path, content: photo, ...change })
const good = file('attachments/good.jpg')
const around = (...untidy: Uint8Array[]) => archive(tip, ...untidy, good)
const latin1 = (text: string) => Buffer.from(text, 'latin1')

interface Row {
  what: string
  plaintext: Uint8Array
  /** Files kept in addition to tip.json and, unless `isCut`, attachments/good.jpg. */
  kept: string[]
  reported: string[]
  isCut?: true
  hasNoTip?: true
}

const names: Row[] = [
  {
    what: 'a name in EUC-KR',
    plaintext: around(file(latin1('attachments/\xbb\xe7\xc1\xf8.jpg'))),
    kept: ['attachments/%BB%E7%C1%F8.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a name in GBK',
    plaintext: around(file(latin1('\xd5\xd5\xc6\xac.jpg'))),
    kept: ['attachments/%D5%D5%C6%AC.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'A.txt beside a.txt',
    plaintext: around(file('A.txt'), file('a.txt')),
    kept: ['attachments/A.txt', 'attachments/2 a.txt'],
    reported: ['TAR_DUPLICATE', 'NAME_CHANGED'],
  },
  {
    what: 'one name in two compositions',
    plaintext: around(file('attachments/사진'), file('attachments/사진'.normalize('NFD'))),
    kept: ['attachments/사진', 'attachments/2 사진'],
    reported: ['TAR_DUPLICATE'],
  },
  {
    what: 'one name twice',
    plaintext: around(file('attachments/a.jpg'), file('attachments/a.jpg')),
    kept: ['attachments/a.jpg', 'attachments/2 a.jpg'],
    reported: ['TAR_DUPLICATE'],
  },
  {
    what: 'a file where another needs a folder',
    plaintext: around(file('attachments/a'), file('attachments/a/b.jpg')),
    kept: ['attachments/a', 'attachments/2 a/b.jpg'],
    reported: ['TAR_DUPLICATE'],
  },
  {
    what: 'a folder nine deep',
    plaintext: around(file('a/b/c/d/e/f/g/h/i/photo.jpg')),
    kept: ['attachments/a/b/c/d/e/f/g/photo.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'forty folders',
    plaintext: around(pax(paxRecord('path', `${'d/'.repeat(40)}photo.jpg`)), file('x')),
    kept: ['attachments/d/d/d/d/d/d/d/photo.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'an absolute path',
    plaintext: around(file('/home/kim/photo.jpg')),
    kept: ['attachments/home/kim/photo.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a path with ..',
    plaintext: around(file('../photo.jpg')),
    kept: [],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a pax path with .. in the middle',
    plaintext: around(pax(paxRecord('path', 'attachments/../../photo.jpg')), file('x')),
    kept: [],
    reported: ['TAR_PATH'],
  },
  {
    what: 'an empty component',
    plaintext: around(file('album//photo.jpg')),
    kept: ['attachments/album/photo.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a path of Windows',
    plaintext: around(file('album\\photo.jpg')),
    kept: ['attachments/album_photo.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a name with a newline and an escape',
    plaintext: around(file('pho\n\u001b[31mto.jpg')),
    kept: ['attachments/pho[31mto.jpg'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a reserved name of Windows',
    plaintext: around(file('con.jpg')),
    kept: ['attachments/_con.jpg'],
    reported: ['NAME_CHANGED'],
  },
  {
    what: 'a hidden file of macOS',
    plaintext: around(file('._photo.jpg')),
    kept: ['attachments/_photo.jpg'],
    reported: ['NAME_CHANGED'],
  },
  {
    what: 'a name that turns the text',
    plaintext: around(file('photo\u202egpj.exe')),
    kept: ['attachments/photogpj.exe'],
    reported: ['NAME_CHANGED'],
  },
  {
    what: 'no name at all',
    plaintext: around(file('')),
    kept: ['attachments/file'],
    reported: ['TAR_PATH'],
  },
  {
    what: 'a name of 255 bytes',
    plaintext: around(pax(paxRecord('path', `${'가'.repeat(83)}.jpg`)), file('x')),
    kept: [`attachments/${'가'.repeat(65)}.jpg`],
    reported: ['NAME_CHANGED'],
  },
  {
    what: 'a path of 3,000 bytes',
    plaintext: around(
      pax(paxRecord('path', `${'folder/'.repeat(4)}${'x'.repeat(2900)}`)),
      file('x'),
    ),
    kept: [`attachments/${'x'.repeat(200)}`],
    reported: ['TAR_PATH'],
  },
]

const formats: Row[] = [
  {
    what: 'a GNU long name',
    plaintext: around(gnuLongName(`album/${'long '.repeat(30)}.jpg`), file('album/long')),
    kept: [`attachments/album/${'long '.repeat(30).trim()} .jpg`],
    reported: ['NAME_CHANGED'],
  },
  {
    what: 'a GNU long name and a pax path',
    plaintext: around(
      gnuLongName('attachments/a'),
      pax(paxRecord('path', 'attachments/b')),
      file('x'),
    ),
    kept: ['attachments/b'],
    reported: ['TAR_PAX'],
  },
  {
    what: 'a long name of a link, and the link',
    plaintext: around(
      entry({ path: '././@LongLink', type: 'K', content: utf8('target\0') }),
      entry({ path: 'link', type: '2' }),
    ),
    kept: [],
    reported: ['TAR_ENTRY_TYPE'],
  },
  {
    what: 'the format of v7',
    plaintext: archive(
      entry({ content: serializeTip(plainTip), magic: '', type: '\0' }),
      entry({ path: 'album/', magic: '', type: '\0' }),
      file('album/a.jpg', { magic: '', type: '\0' }),
      good,
    ),
    kept: ['attachments/album/a.jpg'],
    reported: ['NAME_CHANGED'],
  },
  {
    what: 'a checksum of signed bytes',
    plaintext: around(signedSum(file(utf8('attachments/사진')))),
    kept: ['attachments/사진'],
    reported: [],
  },
  {
    what: 'a pax path given twice',
    plaintext: around(
      pax(paxRecord('path', 'attachments/a') + paxRecord('path', 'attachments/b')),
      file('x'),
    ),
    kept: ['attachments/b'],
    reported: ['TAR_PAX'],
  },
  {
    what: 'a pax header for the whole archive',
    plaintext: around(pax(paxRecord('comment', 'x') + paxRecord('path', 'y'), 'g'), file('a.jpg')),
    kept: ['attachments/a.jpg'],
    reported: ['TAR_PAX'],
  },
  {
    what: 'a damaged pax header',
    plaintext: around(pax('99999 path=x\n'), file('a.jpg')),
    kept: ['attachments/a.jpg'],
    reported: ['TAR_PAX'],
  },
  {
    what: 'a pax header of 100 KiB',
    plaintext: around(pax(paxRecord('comment', 'x'.repeat(100_000))), file('a.jpg')),
    kept: ['attachments/a.jpg'],
    reported: ['TAR_PAX'],
  },
  {
    what: 'a pax header before the end',
    plaintext: archive(tip, good, pax(paxRecord('path', 'a'))),
    kept: [],
    reported: ['TAR_PAX'],
  },
  {
    what: 'bytes of memory behind a file',
    plaintext: around(file('attachments/a', { slack: 0x41 })),
    kept: ['attachments/a'],
    reported: ['TAR_PADDING'],
  },
  {
    what: 'a sparse file of GNU tar',
    plaintext: around(file('disk.img', { type: 'S' })),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_ENTRY_TYPE'],
  },
  {
    what: 'a sparse file in pax form',
    plaintext: around(pax(paxRecord('GNU.sparse.major', '1')), file('GNUSparseFile.0/disk.img')),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_ENTRY_TYPE'],
  },
]

const kinds: Row[] = [
  ...(
    [
      ['a symbolic link', '2'],
      ['a hard link', '1'],
      ['a character device', '3'],
      ['a block device', '4'],
      ['a fifo', '6'],
      ['a volume label', 'V'],
    ] as const
  ).map(
    ([what, type]): Row => ({
      what,
      plaintext: around(entry({ path: 'attachments/x', type })),
      kept: [],
      reported: ['TAR_ENTRY_TYPE'],
    }),
  ),
  {
    what: 'a hard link whose size is that of its target',
    plaintext: around(entry({ path: 'attachments/x', type: '1', sizeField: '00000000007\0' })),
    kept: [],
    reported: ['TAR_ENTRY_TYPE'],
  },
  {
    what: 'a link in place of tip.json',
    plaintext: archive(entry({ path: 'tip.json', type: '2' }), good),
    kept: [],
    reported: ['TAR_ENTRY_TYPE', 'TIP_MISSING'],
    hasNoTip: true,
  },
  {
    what: 'a file through a link',
    plaintext: around(entry({ path: 'attachments/out', type: '2' }), file('attachments/out/a.jpg')),
    kept: ['attachments/out/a.jpg'],
    reported: ['TAR_ENTRY_TYPE'],
  },
  {
    what: 'a contiguous file',
    plaintext: around(file('attachments/a.jpg', { type: '7' })),
    kept: ['attachments/a.jpg'],
    reported: ['TAR_ENTRY_TYPE'],
  },
  {
    what: 'a folder with content',
    plaintext: around(entry({ path: 'album/', type: '5', content: photo })),
    kept: [],
    reported: ['TAR_SIZE'],
  },
]

const tips: Row[] = [
  {
    what: 'an over-long tip.json',
    plaintext: archive(entry({ content: Buffer.alloc(maxTipBytes + 1, 0x20) }), good),
    kept: ['attachments/tip.json'],
    reported: ['TIP_TOO_LARGE', 'TIP_MISSING'],
    hasNoTip: true,
  },
  {
    what: 'two tip.json',
    plaintext: around(tip),
    kept: ['attachments/tip.json'],
    reported: ['TAR_DUPLICATE'],
  },
]

const breaks: Row[] = [
  {
    what: 'an archive cut in a file',
    plaintext: concat([tip, good, file('attachments/late.jpg').subarray(0, 515)]),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_TRUNCATED'],
  },
  {
    what: 'an archive cut in a header',
    plaintext: concat([tip, good, file('attachments/late.jpg').subarray(0, 100)]),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_TRUNCATED'],
  },
  {
    what: 'an archive without its end',
    plaintext: concat([tip, good]),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_TRUNCATED'],
  },
  {
    what: 'an archive with half its end',
    plaintext: concat([tip, good, zeroBlocks(1)]),
    kept: [],
    reported: ['TAR_TRUNCATED'],
  },
  {
    what: 'text after the end',
    plaintext: concat([archive(tip, good), utf8('sent from my phone')]),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_PADDING'],
  },
  {
    what: 'a second archive after the end',
    plaintext: concat([archive(tip, good), archive(file('late.jpg'))]),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_PADDING'],
  },
  {
    what: 'a damaged header in the middle',
    plaintext: archive(tip, good, file('x.jpg', { checksumField: '000001\0 ' }), file('late.jpg')),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_CHECKSUM'],
  },
  {
    what: 'a size that is no number',
    plaintext: archive(tip, good, file('x.jpg', { sizeField: 'abcdefghijk\0' })),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_SIZE'],
  },
  {
    what: 'a size of 8 GiB',
    plaintext: archive(tip, good, file('x.jpg', { sizeField: '77777777777\0' })),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_TRUNCATED'],
  },
  {
    what: 'a damaged first header',
    plaintext: archive(file('x.jpg', { checksumField: '000001\0 ' }), good),
    kept: ['attachments/unpacked.tar'],
    reported: ['TAR_CHECKSUM', 'TIP_MISSING'],
    hasNoTip: true,
    isCut: true,
  },
]

/** The checksum that old tar programs wrote, in which bytes from 0x80 on count as negative. */
function signedSum(whole: Uint8Array): Uint8Array {
  const changed = whole.slice()
  changed.fill(0x20, 148, 156)
  const sum = changed
    .subarray(0, 512)
    .reduce((total, byte) => total + (byte >= 0x80 ? byte - 0x100 : byte), 0)
  changed.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
  return changed
}

async function open(plaintext: Uint8Array, cutEnvelopeAt?: number) {
  const files = new Map<string, Buffer>()
  const envelope = (await sealByHand(primitives, [identity], plaintext)).subarray(0, cutEnvelopeAt)
  const sink = {
    async createFile(path: string) {
      if (files.has(path)) throw new Error(`${path} was created twice`)
      const chunks: Uint8Array[] = []
      files.set(path, Buffer.alloc(0))
      return {
        write: (chunk: Uint8Array) => void chunks.push(chunk.slice()),
        end: () => void files.set(path, Buffer.concat(chunks)),
        discard: () => void files.delete(path),
      }
    },
  }
  const opened = await openEnvelope({
    primitives,
    engine: inlineEngine(primitives),
    identities: [identity],
    envelope: pieces(envelope, 1_000),
    again: () => pieces(envelope, 1_000),
    sink,
  })
  return { ...opened, files }
}

const rows = [...names, ...formats, ...kinds, ...tips, ...breaks]

describe('openEnvelope of an untidy archive', () => {
  it('is tested with at least forty kinds', () => {
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThanOrEqual(40)
  })

  it.each(rows)('keeps and reports $what', async (row) => {
    const { tip: read, attachments, problems, files } = await open(row.plaintext)
    const paths = attachments.map(({ path }) => path)
    const expected = [...row.kept, ...(row.isCut ? [] : ['attachments/good.jpg'])]
    expect(paths.toSorted()).toEqual(expected.toSorted())
    expect([...files.keys()].filter((path) => path !== 'tip.json').toSorted()).toEqual(
      expected.toSorted(),
    )
    expect(read).toEqual(row.hasNoTip ? null : plainTip)
    const codes = problems
      .map(({ code }) => code)
      .filter((code) => code !== 'ATTACHMENT_NOT_LISTED')
    expect([...new Set(codes)]).toEqual(expect.arrayContaining(row.reported))
    if (row.reported.length === 0) expect(codes).toEqual([])
    if (paths.includes('attachments/unpacked.tar'))
      expect(files.get('attachments/unpacked.tar')?.equals(row.plaintext)).toBe(true)
    if (!row.isCut) expect(files.get('attachments/good.jpg')?.equals(photo)).toBe(true)
    // No name and no report can contain terminal control characters.
    expect(JSON.stringify([paths, problems])).not.toMatch(/\\u00[01]|[\u007f-\u009f\u202a-\u202e]/u)
  })

  it('keeps nothing of an envelope that is cut short', async () => {
    await expect(open(around(file('a.jpg')), -20)).rejects.toMatchObject({ name: 'AgeError' })
  })
})

describe('openEnvelope of a single file', () => {
  it('reads a lone tip.json', async () => {
    const content = serializeTip(plainTip)
    const { tip: read, problems, files } = await open(content)
    expect(read).toEqual(plainTip)
    expect(problems.map(({ code }) => code)).toEqual(['NOT_TAR'])
    expect(files.get('tip.json')?.equals(content)).toBe(true)
  })

  it('keeps other JSON as a file', async () => {
    const content = utf8(`{"name":"x"${' '.repeat(2_000)}}`)
    const { tip: read, files } = await open(content)
    expect(read).toBeNull()
    expect(files.get('attachments/unpacked')?.equals(content)).toBe(true)
  })

  it('keeps JSON that is longer than a tip completely', async () => {
    const content = Buffer.alloc(maxTipBytes + 5_000, 0x20)
    content.write('{"narrative":"x"')
    expect((await open(content)).files.get('attachments/unpacked')?.equals(content)).toBe(true)
  })
})
