import { mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { checkDisk } from '../../src/doctor/disk.ts'
import { checkFileSystem } from '../../src/doctor/file-system.ts'
import { readUsedRatio } from '../../src/ops/disk.ts'
import { openSite, type Site } from '../faults/site.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { runTumen } from '../cli/support/run-tumen.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { makeCutDisk, whyNoCutDisk } from './support/cut-disk.ts'
import { type Asked, ask, formPost, rawPost, tusCreate } from './support/ask.ts'

const inodes = 2000

let site: Site | null = null
let disk: SmallDisk | null = null
afterEach(async () => {
  await site?.dispose()
  await disk?.unmount()
  site = disk = null
})

/** Leaves fewer free inodes than the reserve, which is a tenth of so small a disk. */
function fillInodes(dir: string): void {
  mkdirSync(join(dir, 'others'))
  for (let number = 0; statfsSync(dir).ffree > 100; number += 1)
    writeFileSync(join(dir, 'others', String(number)), '')
}

const noExt4 = whyNoCutDisk()
if (noExt4 !== null) console.warn(`skipped: a full ext4, because ${noExt4}`)

/** Leaves no free inode at all. */
function useUpInodes(dir: string): void {
  mkdirSync(join(dir, 'others'))
  while (statfsSync(dir).ffree > 0)
    writeFileSync(join(dir, 'others', String(statfsSync(dir).ffree)), '')
}

describe('a disk whose inodes are used up', () => {
  it('refuses every kind of upload with the same message as a disk without free bytes', async ({
    skip,
  }) => {
    disk = await mountSmallDisk(`size=64m,nr_inodes=${inodes}`, 'a disk without free inodes')
    if (disk === null) return skip()
    const { dir } = disk
    site = await openSite({ dataDir: join(dir, 'var') })
    site.intake.start()
    await site.intake.untilReady()
    const { bytes } = makeEnvelope()
    const send = async (asked: Asked): Promise<number> => {
      const headers = { ...asked.headers, accept: 'application/json' }
      return (await ask(site?.socket ?? '', { ...asked, headers })).status
    }
    expect(await send(rawPost(bytes))).toBe(201)
    fillInodes(dir)
    const asked = [rawPost(bytes), formPost(bytes), tusCreate(bytes)]
    expect(await Promise.all(asked.map(send))).toEqual([507, 507, 507])
    expect(await readUsedRatio(dir)).toBe(0.95)
    expect(checkDisk({ dir, reserveBytes: 0 })).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('0 inodes free'),
    })
  })

  it.skipIf(noExt4 !== null)(
    'still lets free-space delete what a desk has acknowledged',
    async () => {
      const disk = makeCutDisk()
      const { dir } = disk
      onTestFinished(() => disk.dispose())
      site = await openSite({ dataDir: join(dir, 'var') })
      site.worker.start()
      await site.worker.untilReady()
      const { bytes, receipt } = makeEnvelope()
      const collected = join(dir, 'var', 'collected')
      writeFileSync(join(collected, `${receipt}.age`), bytes, { mode: 0o600 })
      // With the restart the worker enters the envelope into its ledger.
      await site.worker.kill()
      site.worker.start()
      await site.worker.untilReady()
      useUpInodes(dir)
      const { status, stdout, stderr } = await runTumen(dir, ['free-space', '--yes'], {
        TUMEN_DATA_DIR: join(dir, 'var'),
        TUMEN_REDIS_URL: site.redis.url,
      })
      expect({ status, stdout, stderr }).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^deleted 1 envelope /),
      })
      expect(readdirSync(collected)).toEqual([])
      expect(readdirSync(join(dir, 'var', 'discards'))).toEqual([])
    },
  )

  it.skipIf(noExt4 !== null)('does not look like a disk without hard links', async () => {
    const disk = makeCutDisk()
    const { dir } = disk
    onTestFinished(() => disk.dispose())
    mkdirSync(join(dir, 'tmp'))
    useUpInodes(dir)
    expect(await checkFileSystem(dir)).toMatchObject({
      level: 'warn',
      says: 'it could not be tried, because nothing can be written (ENOSPC)',
    })
  })
})
