import { readFile, rm, writeFile } from 'node:fs/promises'
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  announce,
  createUpload,
  offsetOf,
  patch,
  startUploadSite,
} from '../../server/uploads/harness.ts'
import { mountSmallDisk } from '../../support/small-disk.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'

const MIB = 1024 * 1024

describe('when the disk is full in the middle of an upload', () => {
  it('answers 507, keeps what was written, and has the right receipt once there is space', async (context) => {
    const disk = await mountSmallDisk(`size=${12 * MIB}`, 'the full disk')
    if (disk === null) return context.skip()
    onTestFinished(() => disk.unmount())
    const dir = join(disk.dir, 'var')
    const site = await startUploadSite({ dir, statfs: statfsSync, maxBytes: 8 * MIB })
    onTestFinished(() => site.stop())
    const { bytes, receipt } = makeEnvelope(6 * MIB)
    const path = await createUpload(site, bytes.length)
    await patch(site, path, 0, bytes.subarray(0, MIB))
    // Another program fills the disk, although the intake had counted on this space.
    await writeFile(join(disk.dir, 'ballast'), Buffer.alloc(8 * MIB))
    // An announced length alone is accepted, because refusing it would let anyone measure the free
    // space. Only the bytes themselves are refused.
    expect((await announce(site, 2 * MIB)).status).toBe(201)

    const refused = await patch(site, path, MIB, bytes.subarray(MIB))
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      507,
      'NO_SPACE',
    ])
    const offset = await offsetOf(site, path)
    expect(offset).toBeGreaterThanOrEqual(MIB)
    expect(offset).toBeLessThan(bytes.length)

    await rm(join(disk.dir, 'ballast'))
    const answer = await patch(site, path, offset, bytes.subarray(offset))
    expect([answer.status, answer.headers.get('tumen-receipt')]).toEqual([204, receipt])
    expect(Buffer.compare(await readFile(join(dir, 'incoming', `${receipt}.age`)), bytes)).toBe(0)
  })
})
