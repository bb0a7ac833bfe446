import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  dataVersion,
  type Migration,
  migrateDataFolder,
  migrations,
  readDataFormat,
} from '../../src/store/data-folder.ts'
import { openFsStore } from '../../src/store/fs-store.ts'

const day = new Date('2026-11-23T00:00:00Z')
let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-data-'))
})
afterEach(() => rm(dir, { recursive: true }))

const openStore = () =>
  openFsStore({ dir, instance: 'test', reserveBytes: 0, clock: { now: () => day } })
const writeFormat = (text: string) => writeFile(join(dir, 'format.json'), text)

describe('a data folder', () => {
  it('is marked with its version by the first process that opens it', async () => {
    await openStore()
    expect(await readFile(join(dir, 'format.json'), 'utf8')).toBe(
      '{"format":"tumen-data","version":1,"oldestReader":1}\n',
    )
    expect((await stat(join(dir, 'format.json'))).mtime).toEqual(day)
    expect(await migrateDataFolder(dir, day)).toEqual([])
  })

  it('of a newer version is opened as long as that version allows it', async () => {
    const text = `{"format":"tumen-data","version":${dataVersion + 1},"oldestReader":${dataVersion}}\n`
    await writeFormat(text)
    await openStore()
    expect(await readFile(join(dir, 'format.json'), 'utf8')).toBe(text)
  })

  it.each([
    [
      'a newer one',
      '{"format":"tumen-data","version":9,"oldestReader":2}',
      'was written by a newer Tumen (data version 9; this program reads up to 1)',
    ],
    ['half a file', '{"format":"tumen-da', 'cannot be read'],
    ['another format', '{"format":"other","version":1,"oldestReader":1}', 'cannot be read'],
    ['a word as version', '{"format":"tumen-data","version":"1","oldestReader":1}', 'cannot be'],
    ['an endless one', '9'.repeat(2000), 'cannot be read'],
  ])('is refused with a reason, and left unchanged, when it is %s', async (_, text, words) => {
    await writeFormat(text)
    await mkdir(join(dir, 'tmp', 'of-no-process'), { recursive: true })
    await expect(openStore()).rejects.toMatchObject({
      code: 'TOO_NEW',
      message: expect.stringContaining(words),
    })
    expect((await readdir(dir, { recursive: true })).sort()).toEqual([
      'format.json',
      'tmp',
      'tmp/of-no-process',
    ])
    expect(await readFile(join(dir, 'format.json'), 'utf8')).toBe(text)
  })

  it('is refused in words, and left as it is, while a restore fills it', async () => {
    await mkdir(join(dir, '.restoring', 'sealed'), { recursive: true })
    await expect(openStore()).rejects.toMatchObject({
      code: 'RESTORING',
      message: expect.stringContaining('wait until it has ended'),
    })
    expect(await readdir(dir)).toEqual(['.restoring'])
  })

  it('is of the earlier version until its migration has succeeded', async () => {
    const run = vi.spyOn(migrations[0] as Migration, 'run')
    run.mockRejectedValueOnce(new Error('the disk'))
    await expect(migrateDataFolder(dir, day)).rejects.toThrow('the disk')
    expect(await readDataFormat(dir)).toEqual({ version: 0, oldestReader: 0 })
    expect(await migrateDataFolder(dir, day)).toEqual([...migrations])
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('without the file is of the version before it', async () => {
    expect(await readDataFormat(dir)).toEqual({ version: 0, oldestReader: 0 })
  })
})
