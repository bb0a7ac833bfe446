import type { RawEntry } from '../tip/tar-blocks.ts'
import { archive, entry, gnuLongName, pax, paxRecord, zeroBlocks } from '../tip/tar-blocks.ts'
import { serializeTip } from '../../src/tip/tip-json.ts'
import { plainTip } from '../support/sealed.ts'
import type { HostileEnvelope } from './hostile-envelope.ts'
import { kept } from './hostile-envelope.ts'

/** A `HostileEnvelope` before it is sealed. */
export type HostilePlaintext = HostileEnvelope

const tip = entry({ content: serializeTip(plainTip) })
const content = Buffer.from('canary')
const file = (path: string | Uint8Array, change: RawEntry = {}) =>
  entry({ path, content, ...change })
const withTip = (...parts: Uint8Array[]) => archive(tip, ...parts)

/**
 * Archives that try to leave their folder, to create special files, or to exhaust memory or disk.
 */
export function tarPlaintexts(): HostilePlaintext[] {
  return [
    ...paths(),
    ...kinds(),
    ...extendedHeaders(),
    ...sizes(),
    ...endings(),
    ...doubles(),
    ...names(),
    ...masses(),
    ...noArchives(),
  ]
}

function paths(): HostilePlaintext[] {
  const cases: [string, string | Uint8Array][] = [
    ['a path up', '../canary'],
    ['a path far up', '../../../../../../tmp/canary'],
    ['a path up in the middle', 'attachments/../../canary'],
    ['a path that ends up', 'attachments/..'],
    ['two dots alone', '..'],
    ['an absolute path', '/tmp/canary'],
    ['two slashes in front', '//tmp/canary'],
    ['a path into /proc', '/proc/self/mem'],
    ['a path up with backslashes', '..\\..\\canary'],
    ['a drive', 'C:\\canary'],
    ['a UNC path', '\\\\server\\share\\canary'],
    ['an empty component', 'attachments//canary'],
    ['a dot in the middle', 'attachments/./canary'],
    ['a path with a newline', 'attachments/a\nb'],
    ['a path with a carriage return', 'attachments/a\rb'],
    ['a path with a terminal escape', 'attachments/\u001b[2J\u001b]0;owned\u0007'],
    ['a path with a C1 control', 'attachments/\u009b31m'],
    ['a path that is not UTF-8', Buffer.from('attachments/\xff\xfe', 'latin1')],
    ['an overlong UTF-8 slash', Buffer.from('..\xc0\xafcanary', 'latin1')],
    ['a path with a lone surrogate', Buffer.from('attachments/\xed\xa0\x80', 'latin1')],
    ['nine folders', 'a/b/c/d/e/f/g/h/canary'],
    ['no path', ''],
    ['a path up through another name', 'attachments/x/../../../canary'],
  ]
  return [
    ...cases.map(([name, path]) => ({
      name,
      bytes: withTip(file(path)),
      expected: kept('TAR_PATH'),
    })),
    {
      name: 'a path up as a folder, which creates nothing',
      bytes: withTip(entry({ path: '../evil/', type: '5' })),
      expected: 'nothing' as const,
    },
    {
      name: 'a path up in the prefix',
      bytes: withTip(file('canary', { prefix: '../..' })),
      expected: kept('TAR_PATH'),
    },
    {
      name: 'an absolute path in the prefix',
      bytes: withTip(file('canary', { prefix: '/tmp' })),
      expected: kept('TAR_PATH'),
    },
  ]
}

function kinds(): HostilePlaintext[] {
  const cases: [string, string][] = [
    ['a hard link', '1'],
    ['a symbolic link', '2'],
    ['a character device', '3'],
    ['a block device', '4'],
    ['a fifo', '6'],
    ['a contiguous file', '7'],
    ['a sparse file', 'S'],
    ['a multi-volume part', 'M'],
    ['a volume label', 'V'],
    ['a GNU directory dump', 'D'],
    ['a GNU long link', 'K'],
    ['an old GNU name list', 'N'],
    ['a Solaris ACL', 'A'],
    ['a kind that is no letter', '\u0001'],
  ]
  const link = (path: string, to: string) => {
    const block = Buffer.from(entry({ path, type: '2' }))
    block.write(to, 157)
    block.fill(0x20, 148, 156)
    block.write(
      `${block
        .subarray(0, 512)
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    return block
  }
  return [
    ...cases.map(([name, type]) => ({
      name,
      bytes: withTip(entry({ path: 'attachments/x', type })),
      expected: kept('TAR_ENTRY_TYPE'),
    })),
    {
      name: 'a link to the outside, and a file through it',
      bytes: withTip(link('attachments/out', '../../../..'), file('attachments/out/canary')),
      expected: kept('TAR_ENTRY_TYPE'),
    },
    {
      name: 'a link in place of tip.json',
      bytes: archive(link('tip.json', '/etc/passwd')),
      expected: kept('TAR_ENTRY_TYPE'),
    },
    {
      name: 'a folder with content',
      bytes: withTip(entry({ path: 'attachments/x/', type: '5', content })),
      expected: kept('TAR_SIZE'),
    },
  ]
}

function extendedHeaders(): HostilePlaintext[] {
  const after = file('attachments/a')
  const cases: [string, Uint8Array, string][] = [
    ['a pax path up', withTip(pax(paxRecord('path', '../../canary')), after), 'TAR_PATH'],
    [
      'a pax path that is absolute',
      withTip(pax(paxRecord('path', '/tmp/canary')), after),
      'TAR_PATH',
    ],
    ['a pax path with NUL', withTip(pax(paxRecord('path', 'attachments/a\0b')), after), 'TAR_PATH'],
    ['an empty pax path', withTip(pax(paxRecord('path', '')), after), 'TAR_PATH'],
    [
      'a pax path of 2,000 bytes',
      withTip(pax(paxRecord('path', `attachments/${'a/'.repeat(994)}`)), after),
      'TAR_PATH',
    ],
    [
      'a pax path with a component of 256 bytes',
      withTip(pax(paxRecord('path', `attachments/${'a'.repeat(256)}`)), after),
      'NAME_CHANGED',
    ],
    [
      'a pax path twice',
      withTip(pax(paxRecord('path', 'attachments/a') + paxRecord('path', '../canary')), after),
      'TAR_PAX',
    ],
    ['a pax path for all', withTip(pax(paxRecord('path', 'canary'), 'g'), after), 'TAR_PAX'],
    ['a pax size for all', withTip(pax(paxRecord('size', '1'), 'g'), after), 'TAR_PAX'],
    ['a pax size that is negative', withTip(pax(paxRecord('size', '-1')), after), 'TAR_PAX'],
    ['a pax size in hexadecimal', withTip(pax(paxRecord('size', '0x10')), after), 'TAR_PAX'],
    ['a pax size with a point', withTip(pax(paxRecord('size', '1.5')), after), 'TAR_PAX'],
    [
      'a pax size of 2^64',
      withTip(pax(paxRecord('size', '18446744073709551616')), after),
      'TAR_PAX',
    ],
    [
      'a pax size of 8 PiB',
      withTip(pax(paxRecord('size', '9007199254740991')), after),
      'TAR_TRUNCATED',
    ],
    [
      'a sparse pax file',
      withTip(pax(paxRecord('GNU.sparse.major', '1')), after),
      'TAR_ENTRY_TYPE',
    ],
    [
      'a sparse pax file that is large',
      withTip(pax(paxRecord('GNU.sparse.realsize', '99999999999999')), after),
      'TAR_ENTRY_TYPE',
    ],
    ['a pax record without a length', withTip(pax('path=canary\n'), after), 'TAR_PAX'],
    ['a pax record with a leading zero', withTip(pax('011 path=x\n'), after), 'TAR_PAX'],
    [
      'a pax record that is longer than its header',
      withTip(pax('99999 path=x\n'), after),
      'TAR_PAX',
    ],
    ['a pax record without =', withTip(pax('8 pathx\n'), after), 'TAR_PAX'],
    ['a pax record without an end', withTip(pax('10 path=x'), after), 'TAR_PAX'],
    ['a pax record without a key', withTip(pax('5 =x\n'), after), 'TAR_PAX'],
    [
      'two extended headers',
      withTip(pax(paxRecord('mtime', '1')), pax(paxRecord('mtime', '1')), after),
      'TAR_PAX',
    ],
    [
      'an extended header before the end',
      withTip(pax(paxRecord('path', 'attachments/a'))),
      'TAR_PAX',
    ],
    [
      'an extended header of 100 KiB',
      withTip(pax(paxRecord('comment', 'x'.repeat(100_000))), after),
      'TAR_PAX',
    ],
    [
      'an extended header of 8 GiB',
      withTip(entry({ path: 'x', type: 'x', sizeField: '77777777777\0' })),
      'TAR_PAX',
    ],
    ['a GNU long name up', withTip(gnuLongName('../../canary'), after), 'TAR_PATH'],
    [
      'a GNU long name of 8 GiB',
      withTip(entry({ path: '././@LongLink', type: 'L', sizeField: '77777777777\0' })),
      'TAR_PAX',
    ],
    [
      'a GNU long name of 5,000 bytes',
      withTip(gnuLongName(`attachments/${'x'.repeat(5000)}`), after),
      'TAR_PATH',
    ],
    [
      'a GNU long name before a pax path',
      withTip(gnuLongName('attachments/a'), pax(paxRecord('path', '../canary')), after),
      'TAR_PAX',
    ],
    [
      'a GNU long name with NUL inside',
      withTip(gnuLongName('attachments/a\0/../x'), after),
      'ATTACHMENT_NOT_LISTED',
    ],
  ]
  return cases.map(([name, bytes, code]) => ({ name, bytes, expected: kept(code) }))
}

function sizes(): HostilePlaintext[] {
  const base256 = (...tail: number[]) =>
    Buffer.from([...new Array<number>(12 - tail.length).fill(0), ...tail].with(0, 0x80))
  const cases: [string, string | Uint8Array, string][] = [
    ['a size of 8 GiB', '77777777777\0', 'TAR_TRUNCATED'],
    ['a size one block too large', '00000002000\0', 'TAR_TRUNCATED'],
    ['a size that is negative', '-0000000001\0', 'TAR_SIZE'],
    ['a size that is no number', 'abcdefghijk\0', 'TAR_SIZE'],
    ['no size', '            ', 'TAR_SIZE'],
    ['a size with something behind it', '0000006\0x000', 'TAR_SIZE'],
    ['a size of -1 in base 256', Buffer.alloc(12, 0xff), 'TAR_SIZE'],
    ['a size of 2^88 in base 256', base256(0x80, ...new Array<number>(10).fill(0xff)), 'TAR_SIZE'],
    ['a size of 2^53 in base 256', base256(0x20, 0, 0, 0, 0, 0, 0), 'TAR_SIZE'],
    ['a size of 4 PiB in base 256', base256(0x10, 0, 0, 0, 0, 0, 0), 'TAR_TRUNCATED'],
    ['a size in decimal', '99999999999\0', 'TAR_SIZE'],
  ]
  return [
    ...cases.map(([name, sizeField, code]) => ({
      name,
      bytes: withTip(entry({ path: 'attachments/x', sizeField })),
      expected: kept(code),
    })),
    {
      name: 'a tip.json of 4 MiB and a byte',
      bytes: archive(entry({ content: Buffer.alloc(4 * 1024 * 1024 + 1, 0x20) })),
      expected: kept('TIP_TOO_LARGE'),
    },
    {
      name: 'a tip.json of 8 GiB, as it says',
      bytes: archive(entry({ sizeField: '77777777777\0' })),
      expected: kept('TIP_TOO_LARGE'),
    },
    {
      name: 'a tip.json that is a string of 100 MB',
      bytes: archive(
        entry({
          content: Buffer.concat([
            Buffer.from('{"narrative":"'),
            Buffer.alloc(100_000_000, 0x61),
            Buffer.from('"}'),
          ]),
        }),
      ),
      expected: kept('TIP_TOO_LARGE'),
    },
  ]
}

function endings(): HostilePlaintext[] {
  const good = Buffer.from(withTip(file('attachments/a')))
  const withoutEnd = good.subarray(0, -1024)
  return [
    { name: 'an archive without its end', bytes: withoutEnd, expected: kept('TAR_TRUNCATED') },
    {
      name: 'an archive with half its end',
      bytes: good.subarray(0, -512),
      expected: kept('TAR_TRUNCATED'),
    },
    {
      name: 'an archive cut in a header',
      bytes: Buffer.concat([tip, file('attachments/a').subarray(0, 100)]),
      expected: kept('TAR_TRUNCATED'),
    },
    {
      name: 'an archive cut in a file',
      bytes: Buffer.concat([tip, file('attachments/a').subarray(0, 515)]),
      expected: kept('TAR_TRUNCATED'),
    },
    {
      name: 'a file after the end',
      bytes: Buffer.concat([good, file('../canary')]),
      expected: kept('TAR_PADDING'),
    },
    {
      name: 'a byte after the end',
      bytes: Buffer.concat([good, Buffer.from('x')]),
      expected: kept('TAR_PADDING'),
    },
    {
      name: 'a length that is no number of blocks',
      bytes: Buffer.concat([good, Buffer.alloc(100)]),
      expected: kept('TAR_TRUNCATED'),
    },
    {
      name: 'something hidden behind a file',
      bytes: withTip(file('attachments/a', { slack: 0x41 })),
      expected: kept('TAR_PADDING'),
    },
    {
      name: 'a header with a wrong checksum',
      bytes: withTip(file('attachments/a', { checksumField: '000001\0 ' })),
      expected: kept('TAR_CHECKSUM'),
    },
    {
      name: 'one zero block, then more',
      bytes: Buffer.concat([tip, zeroBlocks(1), file('attachments/a'), zeroBlocks(2)]),
      expected: kept('TAR_PADDING'),
    },
  ]
}

function doubles(): HostilePlaintext[] {
  const cases: [string, Uint8Array, string?][] = [
    ['tip.json twice', archive(tip, tip)],
    ['tip.json and Tip.JSON', withTip(file('Tip.JSON')), 'NAME_CHANGED'],
    ['tip.json, and a file below it', withTip(file('tip.json/x')), 'NAME_CHANGED'],
    ['a file twice', withTip(file('attachments/a'), file('attachments/a'))],
    [
      'two names that differ in case',
      withTip(file('attachments/PHOTO.jpg'), file('attachments/photo.JPG')),
    ],
    [
      'two names that differ in composition',
      withTip(file('attachments/사진'), file('attachments/사진'.normalize('NFD'))),
    ],
    [
      'two names that differ in a dot at the end',
      withTip(file('attachments/a'), file('attachments/a.')),
    ],
    [
      'two names that differ in a space at the end',
      withTip(file('attachments/a'), file('attachments/a ')),
    ],
    ['a folder where a file is', withTip(file('attachments/a'), file('attachments/a/b'))],
    ['a file where a folder is', withTip(file('attachments/a/b'), file('attachments/a'))],
    ['tip.json again as ./tip.json', withTip(file('./tip.json'))],
  ]
  return cases.map(([name, bytes, code = 'TAR_DUPLICATE']) => ({
    name,
    bytes,
    expected: kept(code),
  }))
}

/** Entries that are kept, under names that no program can misread. */
function names(): HostilePlaintext[] {
  const changed: [string, string][] = [
    ['a name that is an option', '-rf'],
    ['a name that is a long option', '--output=x'],
    ['a command in a name', '$(touch canary)/x|y'],
    ['a pipe in a name', 'a|touch canary'],
    ['a name of bidi overrides', 'photo\u202egpj.exe'],
    ['a name of zero-width spaces', '\u200b\u200b'],
    ['a hidden name', '.bashrc'],
    ['a home folder', '~root'],
    ['a Windows device', 'NUL'],
    ['a Windows device with an ending', 'com1.jpg'],
    ['a Windows stream', 'a.jpg:evil.exe'],
    ['a name that ends in a dot', 'report.pdf.'],
    ['a name of dots', '...'],
    ['a name of 255 bytes', 'a'.repeat(255)],
    ['a name of 240 bytes in Hangul', '가'.repeat(80)],
    ['a wildcard', '*'],
    ['a name with tags', 'a\u{e0041}'],
    ['a name of 200 combining marks', `a${'\u0301'.repeat(60)}${'\u0302'.repeat(60)}`],
    ['a name that begins a half-made tip', '.partial-x'],
    ['a record of ours', 'opened.json'],
    ['a case file of ours', 'case.json'],
    ['a page of ours', 'index.html'],
    ['a name for a drive to run', 'autorun.inf'],
    ['a path up in other letters', '．．／canary'.normalize('NFKC').replaceAll('/', '∕')],
  ]
  const long = (path: string) => [pax(paxRecord('path', path)), file('x')]
  return [
    ...changed.map(([name, path]) => ({
      name,
      bytes: withTip(...long(path)),
      expected: kept('NAME_CHANGED'),
    })),
    {
      name: 'a name cut at NUL',
      bytes: withTip(file(Buffer.from('attachments/a.jpg\0.exe'))),
      expected: kept('ATTACHMENT_NOT_LISTED'),
    },
    {
      name: 'a command in a name below attachments',
      bytes: withTip(file('attachments/`id`;x&y')),
      expected: kept('ATTACHMENT_NOT_LISTED'),
    },
    {
      name: 'tip.json as a folder, and a file',
      bytes: archive(entry({ path: 'tip.json/', type: '5' }), tip),
      expected: 'nothing',
    },
    {
      name: 'tip.json as a folder',
      bytes: archive(entry({ path: 'tip.json/', type: '5' })),
      expected: kept('TIP_MISSING'),
    },
    {
      name: 'a file below tip.json',
      bytes: archive(file('tip.json/x')),
      expected: kept('TIP_MISSING'),
    },
    { name: 'TIP.JSON alone', bytes: archive(file('TIP.JSON')), expected: kept('TIP_MISSING') },
    {
      name: 'tip.json below a folder',
      bytes: archive(file('attachments/tip.json')),
      expected: kept('TIP_MISSING'),
    },
  ]
}

function masses(): HostilePlaintext[] {
  const many = (count: number, nameOf: (index: number) => string) =>
    archive(tip, ...Array.from({ length: count }, (_, index) => entry({ path: nameOf(index) })))
  const longPaths = Array.from({ length: 3300 }, (_, index) => [
    pax(
      paxRecord(
        'path',
        `files/${`${index} `.padEnd(250, 'a')}/${'b'.repeat(250)}/${'c'.repeat(250)}/${'d'.repeat(200)}`,
      ),
    ),
    entry({ path: 'x' }),
  ]).flat()
  return [
    {
      name: 'a million entries',
      bytes: archive(
        tip,
        Buffer.alloc(512 * 1_000_000, entry({ path: 'attachments/a/', type: '5' })),
      ),
      expected: kept('TAR_TOO_MANY'),
    },
    {
      name: '10,000 files',
      bytes: many(10_000, (index) => `attachments/${index}`),
      expected: kept('TAR_TOO_MANY'),
    },
    {
      name: '3,000 files of one safe name',
      bytes: many(
        3000,
        (index) =>
          `${'-'.repeat(1 + (index % 60))}${'.'.repeat(1 + (Math.floor(index / 60) % 30))}${' '.repeat(1 + Math.floor(index / 1800))}x`,
      ),
      expected: kept('NAME_CHANGED'),
    },
    {
      name: '3,300 paths of 950 bytes',
      bytes: archive(tip, ...longPaths),
      expected: kept('NAME_CHANGED'),
    },
  ]
}

/** Plaintexts that are not archives, as when a source sealed a single file by hand. */
function noArchives(): HostilePlaintext[] {
  return [
    { name: 'an empty plaintext', bytes: new Uint8Array(0), expected: kept('NOT_TAR') },
    { name: 'a plaintext of zeros', bytes: new Uint8Array(70_000), expected: kept('NOT_TAR') },
    { name: 'a plaintext of one byte', bytes: Buffer.from('x'), expected: kept('NOT_TAR') },
    { name: 'a tip that is not packed', bytes: serializeTip(plainTip), expected: kept('NOT_TAR') },
    {
      name: 'a ZIP archive',
      bytes: Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(2000, 1)]),
      expected: kept('NOT_TAR'),
    },
    {
      name: 'an archive whose first header is damaged',
      bytes: archive(entry({ checksumField: '000001\0 ' })),
      expected: kept('TAR_CHECKSUM'),
    },
  ]
}
