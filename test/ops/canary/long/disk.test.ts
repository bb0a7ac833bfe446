import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, onTestFinished } from 'vitest'
import { startCanary } from '../../../../src/ops/canary/start.ts'
import { openSite } from '../../../faults/site.ts'
import { freePort, until } from '../../../supervise/start.ts'
import { makeCanaryParts } from '../parts.ts'

const diskBytes = 12 * 1024 * 1024

describe('when the disk is full', { timeout: 150_000 }, () => {
  it('the canary fails, and arrives again once there is room', async (context) => {
    const disk = await mkdtemp(join(tmpdir(), 'tumen-canary-disk-'))
    onTestFinished(async () => {
      spawnSync('umount', ['-l', disk])
      await rm(disk, { recursive: true, force: true })
    })
    if (
      spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', disk]).status !== 0
    ) {
      console.log('canary: skipped the full disk: this user may not mount a tmpfs')
      return context.skip()
    }
    const port = await freePort()
    const site = await openSite({
      dataDir: join(disk, 'var'),
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
    const ballast = join(disk, 'ballast')
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
