import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkClock } from '../../src/doctor/clock.ts'
import { checkCoreDumps } from '../../src/doctor/core-dumps.ts'
import { checkDisk } from '../../src/doctor/disk.ts'
import { checkEntropy } from '../../src/doctor/entropy.ts'
import { checkFileSystem } from '../../src/doctor/file-system.ts'
import { checkNode, checkPage } from '../../src/doctor/program.ts'
import { checkRights } from '../../src/doctor/rights.ts'
import { checkSwap } from '../../src/doctor/swap.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { makePlaces } from './places.ts'

const uid = process.getuid?.() ?? 0

describe('checkRights', () => {
  async function makeDataDir() {
    const dataDir = join(await makeTempDir(), 'var')
    await mkdir(join(dataDir, 'sealed'), { recursive: true, mode: 0o700 })
    await chmod(dataDir, 0o700)
    const envelope = join(dataDir, 'sealed', 'one.age')
    await writeFile(envelope, 'x', { mode: 0o600 })
    return { dataDir, envelope, keysDir: join(dataDir, '..', 'keys') }
  }

  it('is content with files that only one user may read', async () => {
    expect(await checkRights({ ...(await makeDataDir()), uid })).toMatchObject({
      level: 'ok',
      says: '3 files and folders are for this user alone',
    })
  })

  it.each([
    ['an envelope', 'envelope', 0o640],
    ['an envelope, by others only', 'envelope', 0o604],
    ['the folder', 'dataDir', 0o750],
  ] as const)('says that others may see %s', async (_, which, mode) => {
    const place = await makeDataDir()
    await chmod(place[which], mode)
    expect(await checkRights({ ...place, uid })).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('1 file or folder'),
      wayOut: `chmod -R go= ${place.dataDir}`,
    })
  })

  it('says what belongs to another user', async () => {
    expect(await checkRights({ ...(await makeDataDir()), uid: uid + 1 })).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('3 files or folders'),
    })
  })

  it('says that others may write the keyring', async () => {
    const place = await makeDataDir()
    await mkdir(place.keysDir)
    await chmod(place.keysDir, 0o775)
    expect(await checkRights({ ...place, uid })).toMatchObject({
      level: 'bad',
      wayOut: `chmod go-w ${place.keysDir}`,
    })
  })

  it('says that the folder does not exist', async () => {
    expect(await checkRights({ dataDir: '/nowhere', keysDir: '/nowhere', uid })).toMatchObject({
      level: 'bad',
      says: '/nowhere does not exist',
    })
  })
})

describe('checkClock', () => {
  const look = async (
    change: { today?: string; lastLedgerDay?: string; issued?: string } = {},
    files: Record<string, string> = {},
  ) =>
    await checkClock({
      today: '2026-11-23',
      lastLedgerDay: '2026-11-23',
      issued: '2026-11-23',
      places: await makePlaces(files),
      ...change,
    })

  it('is content on the day of the last line, while a time service runs', async () => {
    expect(await look({}, { 'run/systemd/timesync/synchronized': '' })).toMatchObject({
      level: 'ok',
    })
    expect(
      await look({}, { 'run/chrony/chronyd.pid': '41\n', 'proc/41/comm': 'chronyd' }),
    ).toMatchObject({ level: 'ok' })
  })

  it('warns if no time service runs, or if it has stopped', async () => {
    expect(await look()).toMatchObject({ level: 'warn' })
    expect(await look({}, { 'run/chronyd.pid': '41\n' })).toMatchObject({ level: 'warn' })
  })

  it('says that it went backwards', async () => {
    expect(await look({ lastLedgerDay: '2026-11-24' })).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('backwards'),
    })
    expect(await look({ issued: '2026-11-24' })).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('before the keyring was issued'),
    })
  })
})

describe('checkDisk', () => {
  const mebibyte = 1024 ** 2
  const look = (freeMebibytes: number) =>
    checkDisk({
      dir: '/',
      reserveBytes: 100 * mebibyte,
      statfs: () => ({ blocks: 100_000, bsize: mebibyte, bavail: freeMebibytes }),
    })

  it.each([
    [10_000, 'ok'],
    [2148, 'ok'],
    [2147, 'warn'],
    [101, 'warn'],
    [100, 'bad'],
    [0, 'bad'],
  ] as const)('with %i MiB free says %s', (free, level) => {
    expect(look(free).level).toBe(level)
  })

  it.each([
    [13.9, 'warn', 'used up in 13 days'],
    [14, 'ok', 'free above the reserve'],
    [null, 'ok', 'free above the reserve'],
  ] as const)('with room for %s days says %s', (days, level, says) => {
    const finding = checkDisk({
      dir: '/',
      reserveBytes: 0,
      daysLeft: () => days,
      statfs: () => ({ blocks: 100_000, bsize: mebibyte, bavail: 50_000 }),
    })
    expect(finding).toMatchObject({ level, says: expect.stringContaining(says) })
  })

  it('reports a disk that cannot be queried', () =>
    expect(checkDisk({ dir: '/nowhere', reserveBytes: 0 }).level).toBe('bad'))
})

describe('checkFileSystem', () => {
  it('tries a real file system, and leaves nothing behind', async () => {
    const dir = await makeTempDir()
    expect(await checkFileSystem(dir)).toMatchObject({ level: 'ok' })
    expect(await readdir(join(dir, 'tmp'))).toEqual([])
  })

  it('says that it cannot be written to, and makes no data folder', async () => {
    expect(await checkFileSystem('/proc/nowhere')).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('ENOENT'),
    })
  })
})

describe('checkSwap', () => {
  const swaps = (...lines: string[]) => ({
    'proc/swaps': ['Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority', ...lines, ''].join('\n'),
  })
  const look = async (files: Record<string, string>) => await checkSwap(await makePlaces(files))

  it('is content when there is none, or only in memory', async () => {
    expect(await look(swaps())).toMatchObject({ level: 'ok', says: 'there is none' })
    expect(await look(swaps('/dev/zram0 partition 1048572 0 100'))).toMatchObject({ level: 'ok' })
  })

  it('distinguishes a plain partition from one on dm-crypt, also below LVM', async () => {
    const line = '/dev/dm-1 partition 1048572 0 -2'
    expect(await look(swaps('/dev/sda2 partition 1048572 0 -2'))).toMatchObject({
      level: 'bad',
      says: '/dev/sda2 is not encrypted, as far as can be seen',
    })
    expect(
      await look({ ...swaps(line), 'sys/class/block/dm-1/dm/uuid': 'CRYPT-PLAIN-swap\n' }),
    ).toMatchObject({ level: 'ok' })
    const lvm = {
      ...swaps(line),
      'sys/class/block/dm-1/dm/uuid': 'LVM-abc\n',
      'sys/class/block/dm-1/slaves/dm-0': '',
    }
    expect(await look(lvm)).toMatchObject({ level: 'bad' })
    expect(
      await look({ ...lvm, 'sys/class/block/dm-0/dm/uuid': 'CRYPT-LUKS2-root\n' }),
    ).toMatchObject({ level: 'ok' })
    expect(
      await look({
        ...lvm,
        'sys/class/block/dm-0/dm/uuid': 'CRYPT-LUKS2-root\n',
        'sys/class/block/dm-1/slaves/sda3': '',
      }),
    ).toMatchObject({ level: 'bad' })
  })

  it('finds the device that holds a swap file', async () => {
    const dir = await makeTempDir()
    const file = join(dir, 'swap file')
    await writeFile(file, '')
    const { dev } = await stat(file)
    const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)]
    const line = `${file.replace(' ', '\\040')} file 1048572 0 -2`
    const files = {
      ...swaps(line),
      'sys/class/block/dm-7/dm/uuid': 'CRYPT-LUKS2-root\n',
      'sys/devices/dm-7/size': '1',
    }
    expect(await look(files)).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('swap file'),
    })
    const places = await makePlaces(files)
    await mkdir(join(places.sys, 'dev', 'block'), { recursive: true })
    await symlink(
      join(places.sys, 'devices', 'dm-7'),
      join(places.sys, 'dev', 'block', `${major}:${minor}`),
    )
    expect(await checkSwap(places)).toMatchObject({ level: 'ok' })
  })

  it('cannot tell without the table', async () =>
    expect(await look({})).toMatchObject({ level: 'warn' }))
})

describe('checkCoreDumps', () => {
  const limits = (soft: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax core file size        ${soft}                    unlimited            bytes\n`
  const look = async (pattern: string, files: Record<string, string>) =>
    await checkCoreDumps(
      await makePlaces({ 'proc/sys/kernel/core_pattern': `${pattern}\n`, ...files }),
    )

  it.each([
    ['0', 'ok'],
    ['unlimited', 'bad'],
    ['1024', 'bad'],
  ] as const)('with a limit of %s says %s', async (soft, level) => {
    expect(await look('core', { 'proc/self/limits': limits(soft) })).toMatchObject({
      level,
      says: expect.stringContaining('this shell'),
    })
  })

  it('checks the running processes if there are any', async () => {
    const running = {
      'proc/self/limits': limits('0'),
      'proc/77/cmdline': 'node\0/opt/tumen/workers/main.ts\0',
      'proc/77/limits': limits('unlimited'),
    }
    expect(await look('core', running)).toMatchObject({
      level: 'bad',
      says: 'the running processes may write them',
    })
  })

  it('warns if a program collects them, whatever the limit, and if it cannot tell', async () => {
    expect(
      await look('|/usr/lib/systemd/systemd-coredump %P', { 'proc/self/limits': limits('0') }),
    ).toMatchObject({ level: 'warn' })
    expect(await look('core', {})).toMatchObject({ level: 'warn' })
  })
})

describe('checkEntropy', () => {
  it.each([
    ['256\n', 'ok'],
    ['255\n', 'warn'],
    ['', 'warn'],
  ] as const)('for %j says %s', async (text, level) => {
    expect(
      (await checkEntropy(await makePlaces({ 'proc/sys/kernel/random/entropy_avail': text })))
        .level,
    ).toBe(level)
  })
})

describe('checkPage, checkNode', () => {
  it('know a built page and a Node that is new enough', async () => {
    const { dir } = await makePlaces({
      'page/assets/app.js': '',
      'page/assets/style.css': '',
      'half/assets/app.js': '',
    })
    expect(
      await Promise.all(
        ['page', 'half', 'none'].map(async (name) => (await checkPage(join(dir, name))).level),
      ),
    ).toEqual(['ok', 'bad', 'bad'])
    expect(['23.9.0', '24.0.0', '100.1.0'].map((version) => checkNode(version).level)).toEqual([
      'bad',
      'ok',
      'ok',
    ])
  })
})
