import { spawnSync } from 'node:child_process'
import { mkdirSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkDisk } from '../../src/doctor/disk.ts'
import { readUsedRatio } from '../../src/ops/disk.ts'
import { openSite, type Site } from '../faults/site.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { type Asked, ask, formPost, rawPost, tusCreate } from './support/ask.ts'

const inodes = 2000

let dir = ''
let site: Site | null = null
afterEach(async () => {
  await site?.dispose()
  site = null
  spawnSync('umount', ['-l', dir])
  rmdirSync(dir)
})

/**
 * Mounts a disk with room for many bytes but few files. @returns false if this user may not mount
 * one
 */
async function mountFewInodes(): Promise<boolean> {
  dir = await mkdtemp(join(tmpdir(), 'tumen-inodes-'))
  const options = `size=64m,nr_inodes=${inodes}`
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]).status === 0) return true
  console.log('durability: skipped the disk without inodes: this user may not mount a tmpfs')
  return false
}

/** Leaves fewer free inodes than the reserve, which is a tenth of so small a disk. */
function fillInodes(): void {
  mkdirSync(join(dir, 'others'))
  for (let number = 0; statfsSync(dir).ffree > 100; number += 1)
    writeFileSync(join(dir, 'others', String(number)), '')
}

describe('a disk whose inodes are used up', () => {
  it('refuses every kind of upload with the same message as a disk without free bytes', async ({
    skip,
  }) => {
    if (!(await mountFewInodes())) return skip()
    site = await openSite({ dataDir: join(dir, 'var') })
    site.intake.start()
    await site.intake.untilReady()
    const { bytes } = makeEnvelope()
    const send = async (asked: Asked): Promise<number> => {
      const headers = { ...asked.headers, accept: 'application/json' }
      return (await ask(site?.socket ?? '', { ...asked, headers })).status
    }
    expect(await send(rawPost(bytes))).toBe(201)
    fillInodes()
    const asked = [rawPost(bytes), formPost(bytes), tusCreate(bytes)]
    expect(await Promise.all(asked.map(send))).toEqual([507, 507, 507])
    expect(await readUsedRatio(dir)).toBe(0.95)
    expect(checkDisk({ dir, reserveBytes: 0 })).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('0 inodes free'),
    })
  })
})
