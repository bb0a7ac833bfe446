import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { readLedger } from '../../src/ledger/read.ts'
import { runTumen, tumenPath } from '../cli/support/run-tumen.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { auditVault, receiptsIn } from '../faults/audit.ts'
import { faultRedis, killUnit } from '../faults/killers.ts'
import { createRandom, type Random, seedOfRun } from '../faults/random.ts'
import { openSite, type Site } from '../faults/site.ts'
import { startLoad } from '../faults/source.ts'
import { eventually } from '../support/eventually.ts'

const backups = 3
const backupKills = 2
/** The number of further receipts to wait for before each backup. */
const freshReceipts = 40
const maxLifeMs = 3000

const sites: Site[] = []
afterEach(async () => {
  for (const site of sites.splice(0)) await site.dispose()
})

describe('when backups are taken under load while everything is killed at random moments', () => {
  it('holds in each backup every receipt given before it began, once and whole, and restores them', {
    timeout: 300_000,
  }, async () => {
    const seed = seedOfRun()
    console.log(`backup: FAULT_SEED=${seed}`)
    const site = await open()
    const root = await makeTempDir()
    const env = {
      TUMEN_DATA_DIR: site.dataDir,
      TUMEN_KEYS_DIR: join(site.dataDir, '..', 'keys'),
      TUMEN_RESERVE_BYTES: '0',
    }
    for (const unit of [site.intake, site.worker]) unit.start()
    for (const unit of [site.intake, site.worker]) await unit.untilReady()
    const load = startLoad({ socket: site.socket, clients: 4, random: createRandom(seed) })
    const before: { name: string; receipts: string[] }[] = []
    const taking = (async () => {
      const random = createRandom(seed + 9)
      for (let n = 0; n < backups; n += 1) {
        await eventually(
          () => expect(load.acknowledged.size).toBeGreaterThan(freshReceipts * (n + 1)),
          { interval: 50 },
        )
        if (n < backupKills) await killBackup(site.dataDir, root, env, random)
        const receipts = [...load.acknowledged]
        const { status, stdout, stderr } = await runTumen(
          site.dataDir,
          ['backup', root, '--json'],
          env,
        )
        expect({ status, stderr }).toEqual({
          status: 0,
          stderr: expect.stringMatching(/^not signed.*\n$/),
        })
        before.push({ name: (JSON.parse(stdout) as { name: string }).name, receipts })
      }
    })()
    let isTaken = false
    const untilTaken = async (fault: (turn: number) => Promise<unknown>): Promise<number> => {
      let faults = 0
      for (; !isTaken; faults += 1) await fault(faults)
      return faults
    }
    const faults = await Promise.all([
      untilTaken((turn) =>
        killUnit(site.intake, { times: 1, random: createRandom(seed + 100 + turn), maxLifeMs }),
      ),
      untilTaken((turn) =>
        killUnit(site.worker, { times: 1, random: createRandom(seed + 200 + turn), maxLifeMs }),
      ),
      untilTaken((turn) =>
        faultRedis(site.redis, {
          kills: 1,
          wipes: turn % 2,
          freezes: 0,
          random: createRandom(seed + 300 + turn),
          maxLifeMs,
        }),
      ),
      taking.finally(() => void (isTaken = true)),
    ])
    await load.stop()

    expect(load.refused).toEqual([])
    expect((await readdir(root)).sort()).toEqual(before.map(({ name }) => name).sort())
    for (const { name, receipts } of before)
      await checkBackup(join(root, name), receipts, load.sent)
    const last = before.at(-1)
    console.log(
      `backup: ${before.map(({ receipts }) => receipts.length).join(', ')} receipts before each; ${load.broken} broken connections; SIGKILL: intake ${faults[0]}, worker ${faults[1]}, redis ${faults[2]}, backup ${backupKills}`,
    )
    expect(last?.receipts.length).toBeGreaterThan(100)
    await restoreAndRun(root, new Set(last?.receipts))
  })
})

async function open(options: Parameters<typeof openSite>[0] = {}): Promise<Site> {
  const site = await openSite(options)
  sites.push(site)
  return site
}

/** Starts a backup and sends SIGKILL while it is running. */
async function killBackup(
  cwd: string,
  root: string,
  env: Record<string, string>,
  random: Random,
): Promise<void> {
  const child = spawn(process.execPath, [tumenPath, 'backup', root], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: 'ignore',
  })
  const gone = once(child, 'exit')
  await eventually(async () => expect(await readdir(root)).toContain('.partial'), { interval: 5 })
  await sleep(random.below(200))
  child.kill('SIGKILL')
  await gone
}

async function checkBackup(
  folder: string,
  receipts: readonly string[],
  sent: ReadonlySet<string>,
): Promise<void> {
  const held = (
    await Promise.all(
      ['incoming', 'sealed', 'collected'].map((prefix) => receiptsIn(folder, prefix)),
    )
  ).flat()
  expect(new Set(held).size).toBe(held.length)
  const has = new Set(held)
  expect(receipts.filter((receipt) => !has.has(receipt))).toEqual([])
  expect(held.filter((receipt) => !sent.has(receipt))).toEqual([])
  const claimed: string[] = []
  expect(
    (await readLedger(join(folder, 'ledger.jsonl'), ({ receipt }) => void claimed.push(receipt)))
      .ok,
  ).toBe(true)
  expect(claimed.filter((receipt) => !has.has(receipt))).toEqual([])
}

/**
 * Restores a backup and runs a worker on it. The worker stores what was in the spool, and the
 * ledger lists each envelope once.
 */
async function restoreAndRun(root: string, receipts: ReadonlySet<string>): Promise<void> {
  const dataDir = join(await makeTempDir(), 'var')
  const env = { TUMEN_DATA_DIR: dataDir, TUMEN_KEYS_DIR: join(dataDir, '..', 'keys') }
  expect(await runTumen(root, ['restore', root, '--unsigned'], env)).toMatchObject({ status: 0 })
  const site = await open({ dataDir })
  site.worker.start()
  await site.worker.untilReady()
  await eventually(async () => expect(await receiptsIn(dataDir, 'incoming')).toEqual([]), {
    interval: 100,
  })
  expect(await site.worker.stop()).toBe(0)
  expect(await auditVault(dataDir, receipts)).toMatchObject({
    lost: 0,
    twice: 0,
    damaged: 0,
    unlisted: 0,
    incoming: 0,
    quarantined: 0,
    ledgerIsWhole: true,
  })
}
