import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultTarBounds } from '../../src/tip/bounds.ts'
import { isTar } from '../../src/tip/tar-header.ts'
import { readTar } from '../../src/tip/tar-reader.ts'
import { packTip } from '../../src/tip/tar-writer.ts'
import { codeOf, collect, concat, inPieces, readAll, streamOf, utf8 } from './streams.ts'
import { archive, entry, gnuLongName, pax, paxRecord, zeroBlocks } from './tar-blocks.ts'

const read = (bytes: Uint8Array) => readAll(streamOf(bytes))
const pathsOf = async (bytes: Uint8Array): Promise<string[]> => [...(await read(bytes)).keys()]
const codeOfArchive = (...parts: Uint8Array[]) => codeOf(read(archive(...parts)))
const file = entry({ content: utf8('{"narrative":"도와주세요"}') })

describe('readTar', () => {
  it('hands over every file with its content', async () => {
    const photo = new Uint8Array(1_000).fill(7)
    const files = await read(
      archive(file, entry({ path: 'attachments/photo.jpg', content: photo })),
    )
    expect([...files]).toEqual([
      ['tip.json', utf8('{"narrative":"도와주세요"}')],
      ['attachments/photo.jpg', photo],
    ])
  })

  it('drops a leading ./ and folders', async () => {
    const parts = [
      entry({ path: './', type: '5' }),
      entry({ path: './tip.json' }),
      entry({ path: './attachments/', type: '5' }),
      entry({ path: './attachments/', type: '5' }),
    ]
    expect(await pathsOf(archive(...parts))).toEqual(['tip.json'])
    expect(await pathsOf(archive(entry({ path: 'old/', type: '0', magic: '' }), file))).toEqual([
      'tip.json',
    ])
  })

  it('reads the names of every format', async () => {
    const long = `attachments/${'사진'.repeat(30)}.jpg`
    expect(await pathsOf(archive(pax(paxRecord('path', long)), entry({ path: 'short' })))).toEqual([
      long,
    ])
    expect(
      await pathsOf(archive(gnuLongName(long), entry({ path: 'short', magic: 'ustar  \0' }))),
    ).toEqual([long])
    expect(await pathsOf(archive(entry({ path: 'photo.jpg', prefix: 'attachments' })))).toEqual([
      'attachments/photo.jpg',
    ])
    // GNU tar stores times where POSIX stores the prefix.
    expect(
      await pathsOf(
        archive(entry({ path: 'photo.jpg', prefix: '14201234567', magic: 'ustar  \0' })),
      ),
    ).toEqual(['photo.jpg'])
    expect(await pathsOf(archive(entry({ path: 'v7.txt', type: '\0', magic: '' })))).toEqual([
      'v7.txt',
    ])
    expect(await pathsOf(archive(entry({ path: 'x'.repeat(100) })))).toEqual(['x'.repeat(100)])
  })

  it('ignores irrelevant headers', async () => {
    const parts = [
      pax(paxRecord('comment', '설명'), 'g'),
      pax(paxRecord('mtime', '1510000000.5') + paxRecord('SCHILY.xattr.user', 'a=b\nc')),
      file,
    ]
    expect(await pathsOf(archive(...parts))).toEqual(['tip.json'])
  })

  it('reads the size from pax and in base 256', async () => {
    const content = utf8('여섯')
    const header = entry({ path: 'a', sizeField: '00000000000\0' })
    const padded = concat([content, new Uint8Array(512 - content.length)])
    expect((await read(archive(pax(paxRecord('size', '6')), header, padded))).get('a')).toEqual(
      content,
    )
    const base256 = new Uint8Array([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6])
    expect(
      (await read(archive(entry({ path: 'a', sizeField: base256, content })))).get('a'),
    ).toEqual(content)
  })

  it('skips files without a sink, and passes views of the source', async () => {
    const bytes = archive(file, entry({ path: 'b', content: new Uint8Array(2_000) }))
    const seen: ArrayBufferLike[] = []
    await readTar(streamOf(bytes), {
      onFile: (path) =>
        path === 'b' ? { write: (chunk) => void seen.push(chunk.buffer), end: () => {} } : null,
    })
    expect(seen).toEqual([bytes.buffer])
  })

  it('accepts any number of zero blocks after the end', async () => {
    expect(await pathsOf(concat([archive(file), zeroBlocks(300)]))).toEqual(['tip.json'])
    expect(await pathsOf(archive())).toEqual([])
  })
})

describe('readTar of a hostile archive', () => {
  it.each<[string, string, Uint8Array[]]>([
    ['hard link', 'TAR_ENTRY_TYPE', [entry({ type: '1' })]],
    ['symbolic link', 'TAR_ENTRY_TYPE', [entry({ type: '2' })]],
    ['character device', 'TAR_ENTRY_TYPE', [entry({ type: '3' })]],
    ['block device', 'TAR_ENTRY_TYPE', [entry({ type: '4' })]],
    ['fifo', 'TAR_ENTRY_TYPE', [entry({ type: '6' })]],
    ['contiguous file', 'TAR_ENTRY_TYPE', [entry({ type: '7' })]],
    ['GNU sparse file', 'TAR_ENTRY_TYPE', [entry({ type: 'S' })]],
    ['GNU long link', 'TAR_ENTRY_TYPE', [entry({ type: 'K' })]],
    ['GNU multi-volume', 'TAR_ENTRY_TYPE', [entry({ type: 'M' })]],
    ['pax sparse file', 'TAR_ENTRY_TYPE', [pax(paxRecord('GNU.sparse.major', '1')), file]],
    [
      'pax sparse name for all',
      'TAR_ENTRY_TYPE',
      [pax(paxRecord('GNU.sparse.name', '/etc/passwd'), 'g'), file],
    ],
    ['parent folder', 'TAR_PATH', [entry({ path: '../tip.json' })]],
    ['parent folder inside', 'TAR_PATH', [entry({ path: 'attachments/../../tip.json' })]],
    ['parent folder at the end', 'TAR_PATH', [entry({ path: 'attachments/..' })]],
    ['parent folder as a folder', 'TAR_PATH', [entry({ path: '../', type: '5' })]],
    ['parent folder after ./', 'TAR_PATH', [entry({ path: './../tip.json' })]],
    [
      'parent folder in pax',
      'TAR_PATH',
      [pax(paxRecord('path', '../../root/.ssh/authorized_keys')), file],
    ],
    ['parent folder in a GNU name', 'TAR_PATH', [gnuLongName('../a'), file]],
    ['parent folder in the prefix', 'TAR_PATH', [entry({ prefix: '..' })]],
    ['absolute path', 'TAR_PATH', [entry({ path: '/etc/passwd' })]],
    ['backslash', 'TAR_PATH', [entry({ path: '..\\tip.json' })]],
    ['empty path', 'TAR_PATH', [entry({ path: '' })]],
    ['empty path in pax', 'TAR_PATH', [pax(paxRecord('path', '')), file]],
    ['empty component', 'TAR_PATH', [entry({ path: 'attachments//a' })]],
    ['dot component', 'TAR_PATH', [entry({ path: 'attachments/./a' })]],
    ['dot as a file', 'TAR_PATH', [entry({ path: '.' })]],
    ['NUL in pax', 'TAR_PATH', [pax(paxRecord('path', 'a\0b')), file]],
    ['NUL in a GNU name', 'TAR_PATH', [gnuLongName('a\0../b'), file]],
    ['newline', 'TAR_PATH', [entry({ path: 'a\nb' })]],
    ['escape', 'TAR_PATH', [entry({ path: '\u001b[2J' })]],
    ['C1 control', 'TAR_PATH', [entry({ path: 'a\u009bb' })]],
    ['path not UTF-8', 'TAR_PATH', [entry({ path: new Uint8Array([0xc7, 0xd1, 0xb1, 0xdb]) })]],
    ['same path twice', 'TAR_DUPLICATE', [file, file]],
    ['same path after ./', 'TAR_DUPLICATE', [file, entry({ path: './tip.json' })]],
    ['same path in capitals', 'TAR_DUPLICATE', [file, entry({ path: 'TIP.json' })]],
    [
      'same path decomposed',
      'TAR_DUPLICATE',
      [entry({ path: '\ud55c' }), entry({ path: '\u1112\u1161\u11ab' })],
    ],
    ['same path but for a dot', 'TAR_DUPLICATE', [file, entry({ path: 'tip.json.' })]],
    ['file under a file', 'TAR_DUPLICATE', [file, entry({ path: 'tip.json/a' })]],
    ['file over a folder', 'TAR_DUPLICATE', [entry({ path: 'a/b' }), entry({ path: 'A' })]],
    [
      'file over an entry of a folder',
      'TAR_DUPLICATE',
      [entry({ path: 'a/', type: '5' }), entry({ path: 'a' })],
    ],
    ['wrong checksum', 'TAR_CHECKSUM', [file, entry({ path: 'b', checksumField: '000000\0 ' })]],
    [
      'garbage for a checksum',
      'TAR_CHECKSUM',
      [file, entry({ path: 'b', checksumField: 'zzzzzzzz' })],
    ],
    ['garbage for a size', 'TAR_SIZE', [entry({ sizeField: '0000000008\0\0' })]],
    ['size with a tail', 'TAR_SIZE', [entry({ sizeField: '0000000 7 7\0' })]],
    ['size with a sign', 'TAR_SIZE', [entry({ sizeField: '-0000000001\0' })]],
    ['no size', 'TAR_SIZE', [entry({ sizeField: '            ' })]],
    ['negative size', 'TAR_SIZE', [entry({ sizeField: new Uint8Array(12).fill(0xff) })]],
    [
      'overflowing size',
      'TAR_SIZE',
      [entry({ sizeField: new Uint8Array([0x80, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0]) })],
    ],
    [
      'base 256 with another first byte',
      'TAR_SIZE',
      [entry({ sizeField: new Uint8Array([0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) })],
    ],
    ['pax size with a sign', 'TAR_SIZE', [pax(paxRecord('size', '-1')), file]],
    ['pax size empty', 'TAR_SIZE', [pax(paxRecord('size', '')), file]],
    ['pax size overflowing', 'TAR_SIZE', [pax(paxRecord('size', '9007199254740992')), file]],
    ['folder with content', 'TAR_SIZE', [entry({ path: 'a/', type: '5', content: utf8('a') })]],
    ['pax without a length', 'TAR_PAX', [pax('path=a\n'), file]],
    ['pax with a leading zero', 'TAR_PAX', [pax('010 path=a\n'), file]],
    ['pax record too long', 'TAR_PAX', [pax('99 path=a\n'), file]],
    ['pax record too short', 'TAR_PAX', [pax('3 path=a\n'), file]],
    ['pax record of length zero', 'TAR_PAX', [pax('0 path=a\n'), file]],
    ['pax record without a newline', 'TAR_PAX', [pax('9 path=ab'), file]],
    ['pax without a key', 'TAR_PAX', [pax('5 =a\n\n'), file]],
    [
      'pax key not UTF-8',
      'TAR_PAX',
      [
        entry({ type: 'x', content: new Uint8Array([...utf8('6 '), 0xff, 0x3d, 0x61, 0x0a]) }),
        file,
      ],
    ],
    ['path twice', 'TAR_PAX', [pax(paxRecord('path', 'a') + paxRecord('path', 'b')), file]],
    ['size twice', 'TAR_PAX', [pax(paxRecord('size', '0') + paxRecord('size', '0')), file]],
    ['path for all', 'TAR_PAX', [pax(paxRecord('path', 'a'), 'g'), file]],
    ['size for all', 'TAR_PAX', [pax(paxRecord('size', '0'), 'g'), file]],
    [
      'two pax headers',
      'TAR_PAX',
      [pax(paxRecord('path', 'a')), pax(paxRecord('path', 'b')), file],
    ],
    ['pax and GNU name', 'TAR_PAX', [pax(paxRecord('path', 'a')), gnuLongName('b'), file]],
    ['pax before nothing', 'TAR_PAX', [pax(paxRecord('path', 'a'))]],
    ['bytes after a file', 'TAR_PADDING', [entry({ content: utf8('a'), slack: 1 })]],
    [
      'bytes after a pax header',
      'TAR_PADDING',
      [entry({ type: 'x', content: utf8(paxRecord('path', 'a')), slack: 1 }), file],
    ],
    ['a second archive', 'TAR_PADDING', [file, zeroBlocks(2), entry({ path: 'b' })]],
    ['a lone zero block', 'TAR_PADDING', [file, zeroBlocks(1), entry({ path: 'b' })]],
  ])('refuses a %s: %s', async (_, code, parts) => expect(await codeOfArchive(...parts)).toBe(code))

  it.each<[string, string, Uint8Array]>([
    ['nothing', 'TAR_TRUNCATED', new Uint8Array(0)],
    ['half a header', 'TAR_TRUNCATED', file.subarray(0, 511)],
    ['a header without content', 'TAR_TRUNCATED', file.subarray(0, 512)],
    ['half a content', 'TAR_TRUNCATED', file.subarray(0, 520)],
    ['content without its padding', 'TAR_TRUNCATED', file.subarray(0, 600)],
    ['no end blocks', 'TAR_TRUNCATED', file],
    ['one end block', 'TAR_TRUNCATED', concat([file, zeroBlocks(1)])],
    [
      'one and a half end blocks',
      'TAR_TRUNCATED',
      concat([file, zeroBlocks(1), new Uint8Array(256)]),
    ],
    ['half a block of padding', 'TAR_TRUNCATED', concat([archive(file), new Uint8Array(256)])],
    ['a size beyond the end', 'TAR_TRUNCATED', archive(entry({ sizeField: '77777777777\0' }))],
    [
      'a byte in the last padding',
      'TAR_PADDING',
      concat([archive(file), zeroBlocks(4), new Uint8Array(511), utf8('x')]),
    ],
    ['a photo', 'NOT_TAR', new Uint8Array(2_048).fill(0xd8)],
    ['a text', 'NOT_TAR', utf8('그들이 그를 데려갔습니다. '.repeat(50))],
  ])('refuses %s: %s', async (_, code, bytes) => expect(await codeOf(read(bytes))).toBe(code))

  it('never echoes a path', async () => {
    await expect(read(archive(entry({ path: '../비밀' })))).rejects.toThrow(/^[ -~]+$/u)
  })
})

describe('the bounds of readTar', () => {
  const accepted = ['accepted', 'accepted']
  const around = (bound: number, codeAt: (size: number) => Promise<string>) =>
    Promise.all([bound - 1, bound, bound + 1].map(codeAt))

  it('entries', async () => {
    const files = (count: number) =>
      archive(...Array.from({ length: count }, (_, i) => entry({ path: `attachments/${i}` })))
    expect(
      await around(20, (size) => codeOf(readAll(streamOf(files(size)), { maxEntries: 20 }))),
    ).toEqual([...accepted, 'TAR_TOO_MANY'])
    expect(await around(defaultTarBounds.maxEntries, (size) => codeOf(read(files(size))))).toEqual([
      ...accepted,
      'TAR_TOO_MANY',
    ])
  })

  it('entries that are only headers', async () => {
    const parts = Array.from({ length: 21 }, () => pax(paxRecord('comment', 'a'), 'g'))
    expect(await codeOf(readAll(streamOf(archive(...parts)), { maxEntries: 20 }))).toBe(
      'TAR_TOO_MANY',
    )
  })

  it('extended headers', async () => {
    const bound = defaultTarBounds.maxPaxBytes
    const header = (size: number) =>
      pax(`${size} comment=${'a'.repeat(size - String(size).length - 10)}\n`)
    expect(await around(bound, (size) => codeOfArchive(header(size), file))).toEqual([
      ...accepted,
      'TAR_PAX',
    ])
    expect(
      await codeOfArchive(entry({ type: 'L', content: new Uint8Array(bound + 1) }), file),
    ).toBe('TAR_PAX')
    expect(await codeOfArchive(entry({ type: 'x', sizeField: '77777777777\0' }))).toBe('TAR_PAX')
  })

  it('paths', async () => {
    const named = (path: string) => codeOfArchive(pax(paxRecord('path', path)), file)
    const component = (size: number) =>
      '가'.repeat(size).slice(0, Math.floor(size / 3)) + 'a'.repeat(size % 3)
    expect(await around(255, (size) => named(component(size)))).toEqual([...accepted, 'TAR_PATH'])
    const path = (size: number) =>
      `${'a'.repeat(250)}/${'b'.repeat(250)}/${'c'.repeat(250)}/${'d'.repeat(250)}/`.padEnd(
        size,
        'e',
      )
    expect(await around(1_024, (size) => named(path(size)))).toEqual([...accepted, 'TAR_PATH'])
    expect(
      await around(8, (size) => named(Array.from({ length: size }, () => 'a').join('/'))),
    ).toEqual([...accepted, 'TAR_PATH'])
  })
})

const samplePhoto = new Uint8Array(3_000).map((_, i) => i * 7)
const sampleArchive = (): Promise<Uint8Array> =>
  collect(
    packTip({
      tipJson: utf8('{"narrative":"被带走了"}'),
      attachments: [
        { name: '체포 장면.jpg', bytes: samplePhoto.length, content: () => streamOf(samplePhoto) },
        { name: `${'قاماق'.repeat(15)}.mp4`, bytes: 5, content: () => streamOf(utf8('video')) },
      ],
    }),
  )

describe('readTar of any bytes in any pieces', () => {
  it('gives the same result however the input is cut', async () => {
    const bytes = await sampleArchive()
    const whole = await read(bytes)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 8 }),
        async (lengths) => {
          fc.pre(lengths.some((length) => length > 0))
          expect(await readAll(inPieces(bytes, lengths))).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
    expect(await readAll(inPieces(bytes, [1]))).toEqual(whole)
  })

  it('throws only TipError, and the same in any pieces, after any mutation', async () => {
    const bytes = (await sampleArchive()).subarray(0, 9_216)
    const edit = fc.record({
      at: fc.nat({ max: 8_000 }),
      byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 0x2e, 0x2f, 0x30, 0x37)),
      fixSum: fc.boolean(),
    })
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat({ max: 9_216 })),
        fc.integer({ min: 1, max: 700 }),
        async (edits, cut, piece) => {
          const mutated = bytes.slice(0, cut ?? bytes.length)
          for (const { at, byte, fixSum } of edits) {
            if (at < mutated.length) mutated[at] = byte
            if (fixSum) fixChecksum(mutated, at - (at % 512))
          }
          const outcome = await codeOf(read(mutated))
          seen.add(outcome)
          expect(await codeOf(readAll(inPieces(mutated, [piece])))).toBe(outcome)
        },
      ),
      { numRuns: 1_500 },
    )
    expect([...seen]).toEqual(
      expect.arrayContaining(['accepted', 'TAR_CHECKSUM', 'TAR_TRUNCATED', 'TAR_PADDING']),
    )
  })

  it('throws only TipError for random bytes', async () => {
    const block = fc
      .uint8Array({ minLength: 512, maxLength: 512 })
      .map((bytes) => fixChecksum(bytes, 0))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.array(block, { maxLength: 4 }).map((blocks) => concat(blocks)),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => void (await codeOf(read(input)))),
      { numRuns: 1_000 },
    )
  })
})

const fixChecksum = (bytes: Uint8Array, at: number): Uint8Array => {
  const header = bytes.subarray(at, at + 512)
  if (header.length < 512) return bytes
  header.fill(0x20, 148, 156)
  header.set(
    utf8(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
    ),
    148,
  )
  return bytes
}

describe('when reading stops early', () => {
  it.each([
    ['the archive is bad', () => null, archive(file, entry({ type: '2' }))],
    [
      'the visitor throws',
      () => {
        throw new RangeError('no room')
      },
      archive(file),
    ],
  ])('closes the source: %s', async (_, onFile, bytes) => {
    let isClosed = false
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        yield bytes
        yield bytes
      } finally {
        isClosed = true
      }
    }
    await expect(readTar(source(), { onFile })).rejects.toThrow()
    expect(isClosed).toBe(true)
  })

  it('never calls end for an incomplete file', async () => {
    let isEnded = false
    const visitor = {
      onFile: () => ({
        write: () => {},
        end: () => {
          isEnded = true
        },
      }),
    }
    expect(await codeOf(readTar(streamOf(file.subarray(0, 520)), visitor))).toBe('TAR_TRUNCATED')
    expect(isEnded).toBe(false)
  })

  it('passes on the errors of the source', async () => {
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield file.subarray(0, 100)
      throw new RangeError('stick pulled out')
    }
    await expect(readAll(source())).rejects.toThrow(new RangeError('stick pulled out'))
  })
})

describe('isTar', () => {
  it('recognises the first block of an archive', () => {
    expect(isTar(file)).toBe(true)
    expect(isTar(file.subarray(0, 512))).toBe(true)
    expect(isTar(file.subarray(0, 511))).toBe(false)
    expect(isTar(new Uint8Array(512))).toBe(false)
    expect(isTar(utf8('{"narrative":"x"}'.padEnd(600)))).toBe(false)
  })
})
