import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkDisk } from '../../src/doctor/disk.ts'
import { readUsedRatio } from '../../src/ops/disk.ts'
import { openSite, type Site } from '../faults/site.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
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
})
