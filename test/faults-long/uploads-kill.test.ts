import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type BadLine, openBadLine } from '../server/uploads/bad-line.ts'
import { sendWithTus } from '../server/uploads/tus-client.ts'
import { makeEnvelope, type TestEnvelope } from '../workers/envelopes.ts'
import { auditVault } from '../faults/audit.ts'
import { createRandom, seedOfRun } from '../faults/random.ts'
import { openSite, type Site } from '../faults/site.ts'
import { eventually } from '../support/eventually.ts'

const MIB = 1024 * 1024

let site: Site | null = null
let line: BadLine | null = null

afterEach(async () => {
  await line?.stop()
  await site?.dispose()
  site = line = null
})

async function startSite(): Promise<Site> {
  const opened = await openSite()
  site = opened
  for (const unit of [opened.intake, opened.worker]) unit.start()
  for (const unit of [opened.intake, opened.worker]) await unit.untilReady()
  return opened
}

/** The number of unfinished bytes on the disk, counted from the files. */
async function unfinishedBytes(dataDir: string): Promise<number> {
  const folder = join(dataDir, 'uploads')
  const parts = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  const pieces = await Promise.all(
    parts.map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0))),
  )
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

describe('when the intake is killed twice during one upload', () => {
  it('gives one receipt for one envelope with the right bytes', async () => {
    const { intake, worker, dataDir, socket } = await startSite()
    const envelope = makeEnvelope(24 * MIB)
    // The rate is limited, because otherwise the upload would be over before the intake is killed.
    line = await openBadLine({
      target: () => socket,
      nextBudget: () => null,
      bytesPerSecond: 16 * MIB,
    })
    const sending = sendWithTus(envelope.bytes, {
      endpoint: `http://127.0.0.1:${line.port}/uploads`,
      chunkSize: 9 * MIB,
    })
    sending.catch(() => {})
    for (const after of [3 * MIB, 13 * MIB]) {
      while ((await unfinishedBytes(dataDir)) < after) await sleep(10)
      await intake.kill()
      intake.start()
      await intake.untilReady()
      expect(await unfinishedBytes(dataDir)).toBeGreaterThanOrEqual(after)
    }
    const { receipt, statuses } = await sending
    expect(receipt).toBe(envelope.receipt)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    await expectStored(dataDir, [envelope])
    expect(`${intake.log}${worker.log}`).not.toMatch(/[0-9a-f]{32}|\d\d:\d\d/)
    expect(await intake.stop()).toBe(0)
  })
})

describe('when the intake is killed at random moments while many upload', () => {
  it('gives each its receipt, and each envelope is in the vault once, and whole', {
    timeout: 90_000,
  }, async () => {
    const seed = seedOfRun()
    console.log(`faults: FAULT_SEED=${seed}`)
    const random = createRandom(seed)
    const { intake, dataDir, socket } = await startSite()
    let isCutting = true
    line = await openBadLine({
      target: () => socket,
      nextBudget: () => (isCutting && random.below(3) === 0 ? random.between(0, 500_000) : null),
    })
    const endpoint = `http://127.0.0.1:${line.port}/uploads`
    const envelopes = Array.from({ length: 16 }, () => makeEnvelope(random.between(100, 400_000)))
    const sending = Promise.all(
      envelopes.map(async (envelope, index) => {
        await sleep(index * 60)
        return sendWithTus(envelope.bytes, { endpoint, chunkSize: random.between(20_000, 200_000) })
      }),
    )
    // Only prevents an unhandled rejection; the error is reported where `sending` is awaited.
    sending.catch(() => {})
    for (let kills = 0; kills < 4; kills += 1) {
      await intake.untilReady()
      await sleep(random.between(20, 300))
      await intake.kill()
      intake.start()
    }
    isCutting = false
    const results = await sending
    expect(results.map(({ receipt }) => receipt)).toEqual(envelopes.map(({ receipt }) => receipt))
    await expectStored(dataDir, envelopes)
  })
})

async function expectStored(dataDir: string, envelopes: readonly TestEnvelope[]): Promise<void> {
  const receipts = new Set(envelopes.map(({ receipt }) => receipt))
  await eventually(
    async () => {
      expect(await auditVault(dataDir, receipts)).toEqual({
        lost: 0,
        twice: 0,
        damaged: 0,
        unlisted: 0,
        sealed: receipts.size,
        incoming: 0,
        quarantined: 0,
        ledgerIsWhole: true,
      })
    },
    { interval: 50 },
  )
}
