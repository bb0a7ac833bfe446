import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { DirSync } from '../../src/disk/dir-sync.ts'

describe('DirSync', () => {
  it('serves all calls that came during a sync with one further sync', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tumen-sync-'))
    let started = 0
    // DirSync sets the folder's time before each fsync, so the calls of this clock count the
    // fsyncs.
    const sync = new DirSync(dir, () => new Date((started += 1)))
    const first = sync.sync()
    const later = [sync.sync(), sync.sync(), sync.sync()]
    // An fsync that was already running does not cover changes made after its start.
    expect(later[0]).not.toBe(first)
    expect(new Set(later).size).toBe(1)
    await Promise.all([first, ...later])
    expect(started).toBe(2)
    const fresh = sync.sync()
    expect(fresh).not.toBe(later[0])
    await fresh
    await rm(dir, { recursive: true })
  })

  it('leaves the day as the time of the directory, and nothing finer', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tumen-sync-'))
    const day = new Date('2017-11-04T00:00:00Z')
    await writeFile(join(dir, 'name'), '')
    await new DirSync(dir, () => day).sync()
    expect((await stat(dir)).mtime).toEqual(day)
    await rm(dir, { recursive: true })
  })

  it('rejects the calls that waited for a failed sync, and works again afterwards', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'tumen-sync-'))
    const sync = new DirSync(join(parent, 'missing'), () => new Date(0))
    await expect(Promise.allSettled([sync.sync(), sync.sync()])).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ])
    await mkdir(join(parent, 'missing'))
    await expect(sync.sync()).resolves.toBeUndefined()
    await rm(parent, { recursive: true })
  })
})

describe('syncDirectory', () => {
  it('works under the permission model of the desk', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tumen-sync-'))
    const url = new URL('../../src/disk/dir-sync.ts', import.meta.url).href
    const program = `import(${JSON.stringify(url)}).then(({ syncDirectory }) => syncDirectory(${JSON.stringify(dir)}))`
    const run = promisify(execFile)(process.execPath, [
      '--permission',
      '--allow-fs-read=*',
      `--allow-fs-write=${dir}`,
      '--eval',
      program,
    ])
    await expect(run).resolves.toMatchObject({ stdout: '' })
    await rm(dir, { recursive: true })
  })
})
