import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { runTumen } from '../../cli/support/run-tumen.ts'
import { auditVault } from '../../faults/audit.ts'
import { createRandom } from '../../faults/random.ts'
import { openSite } from '../../faults/site.ts'
import { startLoad } from '../../faults/source.ts'
import { primitives } from '../../support/ceremony.ts'
import { plainTip, sealWhole } from '../../support/sealed.ts'
import { until } from '../../supervise/start.ts'
import { type CutDisk, makeCutDisk } from './cut-disk.ts'
import { makePlace, type Place } from './place.ts'

/**
 * Runs intake and worker under load on a disk whose power is cut at a random moment, then starts
 * them again and checks every promise.
 */
export async function cutServer(seed: number): Promise<void> {
  const random = createRandom(seed)
  const disk = makeCutDisk()
  const dataDir = join(disk.dir, 'var')
  try {
    const acknowledged = await loadUntilCut(random, dataDir, () => disk.cutPower())
    disk.restorePower()
    const site = await openSite({ dataDir })
    try {
      for (const unit of [site.intake, site.worker]) unit.start()
      for (const unit of [site.intake, site.worker]) await unit.untilReady()
      const incoming = join(dataDir, 'incoming')
      await until(
        () => readdirSync(incoming).length === 0,
        () => site.worker.log,
        60_000,
      )
      for (const unit of [site.intake, site.worker]) await unit.stop()
    } finally {
      await site.dispose()
    }
    expect(acknowledged.size).toBeGreaterThan(0)
    expect(await auditVault(dataDir, acknowledged)).toMatchObject({
      lost: 0,
      twice: 0,
      damaged: 0,
      unlisted: 0,
      quarantined: 0,
      ledgerIsWhole: true,
    })
  } finally {
    disk.dispose()
  }
}

type Random = ReturnType<typeof createRandom>

async function loadUntilCut(
  random: Random,
  dataDir: string,
  cutPower: () => void,
): Promise<Set<string>> {
  const site = await openSite({ dataDir })
  try {
    for (const unit of [site.intake, site.worker]) unit.start()
    for (const unit of [site.intake, site.worker]) await unit.untilReady()
    const load = startLoad({ socket: site.socket, clients: 4, random })
    await until(
      () => load.acknowledged.size > random.between(1, 60),
      () => site.intake.log,
      60_000,
    )
    cutPower()
    // The disk no longer accepts writes, so a receipt given from now on would be a broken promise.
    await sleep(random.between(0, 100))
    for (const unit of [site.intake, site.worker]) await unit.kill()
    await load.stop()
    return load.acknowledged
  } finally {
    await site.dispose()
  }
}

/**
 * Runs a command that writes to the disk, and cuts the power while it runs.
 * @returns whether the command had already succeeded
 */
async function runUntilCut(
  place: Place,
  random: Random,
  { args, folder, disk }: { args: readonly string[]; folder: string; disk: CutDisk },
): Promise<boolean> {
  const entries = random.between(0, 12)
  const running = runTumen(place.dir, args, place.env)
  const state = { isEnded: false }
  void running.then(() => (state.isEnded = true))
  const count = (): number =>
    existsSync(folder) ? readdirSync(folder, { recursive: true }).length : 0
  while (!state.isEnded && count() <= entries) await sleep(1)
  const isEnded = state.isEnded
  disk.cutPower()
  const { status } = await running
  return isEnded && status === 0
}

async function makeTips(place: Place, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1)
    await place.store(
      await sealWhole(primitives, place.recipients, { ...plainTip, narrative: `${number}` }),
    )
}

async function succeed(place: Place, ...args: string[]): Promise<void> {
  const { status, stderr } = await runTumen(place.dir, args, place.env)
  expect({ args, status, stderr }).toMatchObject({ status: 0 })
}

/** Runs `tumen export` onto a USB stick whose power is cut. */
export async function cutStick(seed: number): Promise<void> {
  const random = createRandom(seed)
  const disk = makeCutDisk()
  const place = await makePlace()
  try {
    await makeTips(place, 3)
    const folder = join(disk.dir, 'trip')
    const args = ['export', folder]
    const isDone = await runUntilCut(place, random, { args, folder, disk })
    disk.restorePower()
    // The folder either counts as no export at all, or is complete.
    if (isDone || existsSync(join(folder, 'SHA256SUMS.minisig'))) {
      expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThanOrEqual(5)
      await succeed(place, 'verify', folder)
    }
    await succeed(place, 'export', join(disk.dir, 'again'))
  } finally {
    await place.dispose()
    disk.dispose()
  }
}

/** Runs `tumen open` into a casebook on a disk whose power is cut. */
export async function cutDesk(seed: number): Promise<void> {
  const random = createRandom(seed)
  const disk = makeCutDisk()
  const place = await makePlace()
  try {
    await makeTips(place, 3)
    await succeed(place, 'export', 'stick')
    const folder = join(disk.dir, 'casebook')
    const args = ['open', 'stick', '-i', place.identityPath, '--casebook', folder]
    const isDone = await runUntilCut(place, random, { args, folder, disk })
    disk.restorePower()
    if (isDone) expect(readdirSync(join(folder, 'tips')).length).toBeGreaterThanOrEqual(3)
    await succeed(place, ...args)
    await succeed(place, 'verify', folder)
    expect(readdirSync(join(folder, 'tips')).filter((name) => !name.startsWith('.'))).toHaveLength(
      3,
    )
  } finally {
    await place.dispose()
    disk.dispose()
  }
}
