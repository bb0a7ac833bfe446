import { rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { auditVault, receiptsIn } from '../audit.ts'
import { openSite, type Site } from '../site.ts'
import { sendEnvelope } from '../source.ts'
import { eventually } from '../../support/eventually.ts'
import { fillUp, mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts'

const diskBytes = 12 * 1024 * 1024
const envelopeBytes = 64 * 1024

let site: Site | null = null
let disk: SmallDisk | null = null
const agent = new Agent({ keepAlive: true })

afterEach(async () => {
  await site?.dispose()
  await disk?.unmount()
  site = disk = null
})

async function openFullableSite(
  reserveBytes: number,
): Promise<{ site: Site; disk: SmallDisk } | null> {
  disk = await mountSmallDisk(`size=${diskBytes}`, 'the full disk')
  if (disk === null) return null
  site = await openSite({
    dataDir: join(disk.dir, 'var'),
    env: { TUMEN_RESERVE_BYTES: String(reserveBytes) },
  })
  for (const unit of [site.intake, site.worker]) unit.start()
  for (const unit of [site.intake, site.worker]) await unit.untilReady()
  return { site, disk }
}

/** Sends envelopes until one is refused. @returns the answer that refused it */
async function sendUntilRefused(
  socket: string,
  acknowledged: Set<string>,
): Promise<{ status: number; body: string }> {
  for (;;) {
    const { bytes, receipt } = makeEnvelope(envelopeBytes)
    const answer = await sendEnvelope({ socket, agent, bytes })
    if (answer.status !== 201) return answer
    acknowledged.add(receipt)
  }
}

async function expectAllStored(dataDir: string, acknowledged: Set<string>): Promise<void> {
  await eventually(async () => expect((await receiptsIn(dataDir, 'incoming')).length).toBe(0), {
    interval: 50,
  })
  await eventually(
    async () => expect(await auditVault(dataDir, acknowledged)).toMatchObject({ unlisted: 0 }),
    { interval: 50 },
  )
  expect(await auditVault(dataDir, acknowledged)).toEqual({
    lost: 0,
    twice: 0,
    damaged: 0,
    unlisted: 0,
    sealed: acknowledged.size,
    incoming: 0,
    quarantined: 0,
    ledgerIsWhole: true,
  })
}

describe('when the reserve is reached', () => {
  it('answers 507, still stores what it has received, and accepts more once space is free', async (context) => {
    const opened = await openFullableSite(4 * 1024 * 1024)
    if (opened === null) return context.skip()
    const { socket, dataDir } = opened.site
    const ballast = join(opened.disk.dir, 'ballast')
    await writeFile(ballast, Buffer.alloc(4 * 1024 * 1024))
    const acknowledged = new Set<string>()
    expect(await sendUntilRefused(socket, acknowledged)).toMatchObject({ status: 507 })
    expect(acknowledged.size).toBeGreaterThan(10)
    await expectAllStored(dataDir, acknowledged)
    await rm(ballast)
    const { bytes, receipt } = makeEnvelope(envelopeBytes)
    expect(await sendEnvelope({ socket, agent, bytes })).toMatchObject({ status: 201 })
    acknowledged.add(receipt)
    await expectAllStored(dataDir, acknowledged)
  })
})

describe('when there is no reserve and not one byte is left', () => {
  it('answers 507, loses nothing it has received, and stores it all once space is free', async (context) => {
    const opened = await openFullableSite(0)
    if (opened === null) return context.skip()
    const { socket, dataDir, redis, worker } = opened.site
    const acknowledged = new Set<string>()
    // A spare file takes up space that is freed later for the ledger, because the envelopes fill
    // the rest.
    const spare = join(opened.disk.dir, 'spare')
    await writeFile(spare, Buffer.alloc(256 * 1024))
    // The worker is paused, so that the disk is full before anything is stored.
    worker.signal('SIGSTOP')
    expect(await sendUntilRefused(socket, acknowledged)).toMatchObject({ status: 507 })
    const ballast = join(opened.disk.dir, 'ballast')
    await fillUp(ballast)
    worker.signal('SIGCONT')
    expect(await sendUntilRefused(socket, new Set())).toMatchObject({ status: 507 })
    // The worker runs into the full disk, and is then killed.
    await eventually(() => expect(worker.log).toMatch(/IO_FAILED|NO_SPACE|failed/))
    await worker.kill()
    worker.start()
    await redis.restartEmpty()
    await worker.untilReady()
    await rm(ballast)
    await rm(spare)
    const { bytes, receipt } = makeEnvelope(100)
    await eventually(async () =>
      expect((await sendEnvelope({ socket, agent, bytes })).status).toBe(201),
    )
    acknowledged.add(receipt)
    await expectAllStored(dataDir, acknowledged)
    expect(await worker.stop()).toBe(0)
    console.log(`faults: full disk: ${acknowledged.size} receipts, lost 0, twice 0`)
  })
})
