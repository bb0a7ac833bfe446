import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packTip } from '../../src/tip/tar-writer.ts'
import { parseTip, serializeTip } from '../../src/tip/tip-json.ts'
import { sampleTip } from './sample-tip.ts'
import { codeOf, collect, readAll, streamOf, utf8 } from './streams.ts'

/** Checks that we read what GNU tar writes, and that GNU tar reads what we write. */

const contents = new Map([
  ['체포 장면.jpg', new Uint8Array(1_048_576).map((_, i) => i * 31)],
  [`${'가나다라'.repeat(16)}.mp4`, new Uint8Array(70_000).fill(1)],
  [`${'被带走的照片'.repeat(10)}.png`, new Uint8Array(512).fill(2)],
  ['قاماق رەسىمى.jpg', utf8('ئۇيغۇر')],
  [`${'a'.repeat(150)}.txt`, utf8('long')],
  ['empty', new Uint8Array(0)],
])

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tip-tar-'))
})
afterEach(() => rm(folder, { recursive: true }))

const tar = (...options: string[]): string =>
  execFileSync('tar', options, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  })

const place = async (path: string, bytes: Uint8Array): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), bytes)
}

const placeTip = async (names: Iterable<string>): Promise<void> => {
  await place('tip.json', serializeTip(sampleTip))
  await mkdir(join(folder, 'attachments'))
  for (const name of names) await place(`attachments/${name}`, contents.get(name)!)
}

const read = () => readAll(createReadStream(join(folder, 'made.tar')))

describe('GNU tar', () => {
  beforeEach(async () => {
    const attachments = [...contents].map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      content: () => streamOf(bytes),
    }))
    await place(
      'ours.tar',
      await collect(packTip({ tipJson: serializeTip(sampleTip), attachments })),
    )
  })

  it('lists what we pack, tip.json first', () => {
    const paths = tar('--quoting-style=literal', '-tf', 'ours.tar').trimEnd().split('\n')
    expect(paths).toEqual([
      'tip.json',
      ...[...contents.keys()].map((name) => `attachments/${name}`),
    ])
    expect(tar('-tvf', 'ours.tar').split('\n')[0]).toMatch(
      /^-rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00 tip\.json$/u,
    )
  })

  it('unpacks it byte for byte', async () => {
    tar('-xf', 'ours.tar')
    expect(parseTip(await readFile(join(folder, 'tip.json')))).toEqual(sampleTip)
    expect((await readdir(join(folder, 'attachments'))).toSorted()).toEqual(
      [...contents.keys()].toSorted(),
    )
    for (const [name, bytes] of contents) {
      expect(Buffer.compare(await readFile(join(folder, 'attachments', name)), bytes), name).toBe(0)
    }
  })

  it('reads it to the end from a pipe, padding included', async () => {
    const ours = await readFile(join(folder, 'ours.tar'))
    expect(execFileSync('tar', ['-xO', 'tip.json'], { input: ours, cwd: folder })).toEqual(
      Buffer.from(serializeTip(sampleTip)),
    )
  })
})

describe('readTar', () => {
  it.each(['gnu', 'oldgnu', 'pax', 'ustar', 'v7'])(
    'reads what tar --format=%s writes',
    async (format) => {
      const fits = (name: string) =>
        format === 'gnu' || format === 'oldgnu' || format === 'pax' || Buffer.byteLength(name) < 85
      const names = [...contents.keys()].filter(fits)
      await placeTip(names)
      tar(`--format=${format}`, '-cf', 'made.tar', 'tip.json', 'attachments')
      const files = await read()
      expect([...files.keys()].toSorted()).toEqual(
        ['tip.json', ...names.map((name) => `attachments/${name}`)].toSorted(),
      )
      for (const name of names)
        expect(Buffer.compare(files.get(`attachments/${name}`)!, contents.get(name)!), name).toBe(0)
    },
  )

  it('reads a long path that ustar splits into prefix and name', async () => {
    const path = `attachments/${'b'.repeat(60)}/${'c'.repeat(60)}.jpg`
    await place(path, utf8('x'))
    tar('--format=ustar', '-cf', 'made.tar', 'attachments')
    expect([...(await read()).keys()]).toEqual([path])
  })

  it('reads tar -c . with its ./ prefixes', async () => {
    await placeTip(contents.keys())
    tar('-cf', 'made.tar', '--exclude=./made.tar', '.')
    expect((await read()).size).toBe(contents.size + 1)
  })

  it('reads a size in base 256', async () => {
    // A sparse file of 9 GiB. Only its header is read: the archive is cut after it.
    await place('big', new Uint8Array(0))
    await truncate(join(folder, 'big'), 9 * 2 ** 30)
    const header = execFileSync(
      'sh',
      ['-c', 'tar --format=gnu -cf - big 2>/dev/null | head -c 512'],
      { cwd: folder },
    )
    const sizes: number[] = []
    const visitor = {
      onFile: (_: string, bytes: number) => {
        sizes.push(bytes)
        return null
      },
    }
    const { readTar } = await import('../../src/tip/tar-reader.ts')
    expect(await codeOf(readTar(streamOf(new Uint8Array(header)), visitor))).toBe('TAR_TRUNCATED')
    expect(sizes).toEqual([9 * 2 ** 30])
  })

  it.each<[string, string, () => Promise<unknown>, string[]]>([
    ['symbolic links', 'TAR_ENTRY_TYPE', () => symlink('/etc/passwd', join(folder, 'a')), []],
    [
      'hard links',
      'TAR_ENTRY_TYPE',
      async () => {
        await place('a', utf8('x'))
        await link(join(folder, 'a'), join(folder, 'b'))
      },
      ['b'],
    ],
    ['fifos', 'TAR_ENTRY_TYPE', async () => execFileSync('mkfifo', [join(folder, 'a')]), []],
    [
      'sparse files',
      'TAR_ENTRY_TYPE',
      async () => {
        await place('a', utf8('x'))
        await truncate(join(folder, 'a'), 1_000_000)
      },
      ['--sparse'],
    ],
    [
      'GNU sparse files',
      'TAR_ENTRY_TYPE',
      async () => {
        await place('a', utf8('x'))
        await truncate(join(folder, 'a'), 1_000_000)
      },
      ['--sparse', '--format=gnu'],
    ],
    ['absolute paths', 'TAR_PATH', () => place('a', utf8('x')), ['-P', '--transform=s,^,/tmp/,']],
    [
      'paths that lead out',
      'TAR_PATH',
      () => place('a', utf8('x')),
      ['-P', '--transform=s,^,../,'],
    ],
  ])('refuses %s from tar', async (_, code, make, options) => {
    await make()
    tar('--format=pax', ...options, '-cf', 'made.tar', 'a')
    expect(await codeOf(read())).toBe(code)
  })
})
