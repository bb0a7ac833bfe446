import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it, onTestFinished } from 'vitest'
import { startCanary } from '../../../../src/ops/canary/start.ts'
import { openSite } from '../../../faults/site.ts'
import { mountSmallDisk } from '../../../support/small-disk.ts'
import { freePort, until } from '../../../supervise/start.ts'
import { makeCanaryParts } from '../parts.ts'

const diskBytes = 12 * 1024 * 1024

describe('when the disk is full', { timeout: 150_000 }, () => {
  it('the canary fails, and arrives again once there is room', async (context) => {
    const disk = await mountSmallDisk(`size=${diskBytes}`, 'the canary of a full disk')
    if (disk === null) return context.skip()
    onTestFinished(() => disk.unmount())
    const port = await freePort()
    const site = await openSite({
      dataDir: join(disk.dir, 'var'),
      env: { TUMEN_LISTEN: `127.0.0.1:${port}`, TUMEN_RESERVE_BYTES: String(diskBytes) },
    })
    onTestFinished(() => site.dispose())
    for (const unit of [site.intake, site.worker]) unit.start()
    for (const unit of [site.intake, site.worker]) await unit.untilReady()
    const parts = await makeCanaryParts({
      dataDir: site.dataDir,
      keysDir: join(dirname(site.deskDir), 'keys'),
      address: { listen: { host: '127.0.0.1', port } },
    })
    const ballast = join(disk.dir, 'ballast')
    // The reserve is a tenth of the disk. Less space than one envelope is left above it.
    await writeFile(ballast, Buffer.alloc(diskBytes * 0.9))
    const canary = await startCanary({ ...parts, intervalMs: 1_000 }, parts.notes)
    await until(
      () => canary.status().state === 'failed',
      () => 'a failure',
      60_000,
    )
    await rm(ballast)
    await until(
      () => canary.status().state === 'ok',
      () => 'recovery',
      60_000,
    )
    await canary.stop()
  })
})
