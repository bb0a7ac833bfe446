import { readdir } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/time/clock.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { auditVault, countDamaged, receiptsIn } from '../faults/audit.ts'
import { faultRedis, killUnit } from '../faults/killers.ts'
import { createRandom, seedOfRun } from '../faults/random.ts'
import { openSite, type Site } from '../faults/site.ts'
import { askReceipt, startLoad } from '../faults/source.ts'
import { eventually } from '../support/eventually.ts'

const kills = 32
const wipes = 10
const freezes = 5

/** The maximum time from ready to killed: long enough for a process to do some work. */
const maxLifeMs = 600

let site: Site | null = null
afterEach(() => site?.dispose())

/** With fewer, too little would have happened at the moments of the kills. */
const enoughReceipts = 200

describe('when intake, worker and Redis are killed at random moments under load', () => {
  it('has every envelope with a receipt in the vault once, and whole', {
    timeout: 900_000,
  }, async () => {
    const began = performance.now()
    const seed = seedOfRun()
    console.log(`faults: FAULT_SEED=${seed}`)
    site = await openSite()
    const { intake, worker, redis, dataDir, socket } = site
    for (const unit of [intake, worker]) unit.start()
    for (const unit of [intake, worker]) await unit.untilReady()

    const load = startLoad({ socket, clients: 6, random: createRandom(seed) })
    const watch = startWatch(dataDir)
    const first = createRandom(seed + 1)
    const second = createRandom(seed + 2)
    const third = createRandom(seed + 3)
    const redisFaults = { kills: 0, wipes: 0, freezes: 0 }
    let [intakeKills, workerKills] = [0, 0]
    // One round on an idle machine; a busy one takes longer for as many receipts.
    while (load.acknowledged.size <= enoughReceipts) {
      const [ofIntake, ofWorker, ofRedis] = await Promise.all([
        killUnit(intake, { times: kills, random: first, maxLifeMs }),
        killUnit(worker, { times: kills, random: second, maxLifeMs }),
        faultRedis(redis, { kills, wipes, freezes, random: third, maxLifeMs: 1000 }),
      ])
      intakeKills += ofIntake
      workerKills += ofWorker
      redisFaults.kills += ofRedis.kills
      redisFaults.wipes += ofRedis.wipes
      redisFaults.freezes += ofRedis.freezes
    }
    const faultedMs = performance.now() - began
    await load.stop()
    for (const unit of [intake, worker]) await unit.untilReady()
    // The jobs of a killed worker are retried after 10 to 15 s.
    await eventually(async () => expect((await receiptsIn(dataDir, 'incoming')).length).toBe(0), {
      interval: 100,
    })
    const halfWritten = await watch.stop()
    const [some = ''] = load.acknowledged
    const agent = new Agent()
    expect(await askReceipt({ socket, agent, receipt: some })).toMatchObject({
      status: 200,
      body: expect.stringContaining('stored'),
    })
    agent.destroy()
    expect(await worker.stop()).toBe(0)
    expect(await intake.stop()).toBe(0)

    const audit = await auditVault(dataDir, load.acknowledged)
    console.log(
      `faults: ${load.acknowledged.size} receipts, ${load.broken} broken connections, ${load.repeated} sent again; ` +
        `SIGKILL: intake ${intakeKills}, worker ${workerKills}, redis ${redisFaults.kills} (${redisFaults.wipes} emptied), ` +
        `redis frozen ${redisFaults.freezes}; lost ${audit.lost}, twice ${audit.twice}, damaged ${audit.damaged}; ` +
        `${watch.checks} checks on the way; ${(faultedMs / 1000).toFixed(1)} s of faults, ${((performance.now() - began) / 1000).toFixed(1)} s in all`,
    )
    expect(load.refused).toEqual([])
    expect(audit).toMatchObject({
      lost: 0,
      twice: 0,
      damaged: 0,
      unlisted: 0,
      incoming: 0,
      quarantined: 0,
      ledgerIsWhole: true,
    })
    expect(halfWritten).toBe(0)
    expect(await leftoversIn(dataDir)).toEqual([])
    expect(`${intake.log}${worker.log}`).not.toMatch(/[0-9a-f]{64}|\d\d:\d\d/)
  })
})

/** Checks the folders continuously: a file must be complete from the moment it has a name there. */
function startWatch(dataDir: string) {
  let isStopping = false
  let damaged = 0
  const watch = { checks: 0, stop }
  const run = (async () => {
    while (!isStopping) {
      for (const folder of ['incoming', 'sealed']) {
        const receipts = (await receiptsIn(dataDir, folder)).slice(-10)
        damaged += await countDamaged(dataDir, folder, receipts)
        watch.checks += receipts.length
      }
      await sleep(100)
    }
  })()
  async function stop(): Promise<number> {
    isStopping = true
    await run
    return damaged
  }
  return watch
}

/**
 * The files that are still in `tmp/` and `attempts/` after the store was opened again. A folder
 * whose process was killed before it wrote `owner` stays for a minute, but is empty.
 */
async function leftoversIn(dataDir: string): Promise<string[]> {
  await openFsStore({ dir: dataDir, instance: 'audit', reserveBytes: 0, clock: systemClock })
  const attempts = await readdir(join(dataDir, 'attempts')).catch(() => [])
  const received = await readdir(join(dataDir, 'tmp'), { recursive: true, withFileTypes: true })
  return [
    ...received.filter((entry) => entry.isFile() && entry.name !== 'owner').map(({ name }) => name),
    ...attempts,
  ]
}
