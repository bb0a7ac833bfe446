import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { systemClock } from '../../src/time/clock.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { openSite, type Site, type Unit } from '../faults/site.ts'
import { makeEnvelope, putBlob } from './envelopes.ts'
import { readLines } from './workplace.ts'
import { eventually } from '../support/eventually.ts'

/** What tests of the real worker process need. */
export interface WorkerSite {
  /** The site of the current test. */
  readonly site: Site
  inFolder(name: string): Promise<string[]>
  /** Puts envelopes into the spool. @returns their receipts */
  spool(count: number): Promise<string[]>
  /** Waits until this many envelopes are in the vault and in the ledger. */
  untilSealed(count: number): Promise<void>
}

/** Opens a site before each test of the file, with an empty data folder, and closes it after. */
export function useWorkerSite(): WorkerSite {
  let current: Site | null = null
  const site = (): Site => {
    if (current === null) throw new Error('no test runs')
    return current
  }
  beforeEach(async () => {
    current = await openSite()
    await mkdir(current.dataDir, { recursive: true })
  })
  afterEach(() => current?.dispose())
  const inFolder = (name: string) => readdir(join(site().dataDir, name))
  return {
    get site() {
      return site()
    },
    inFolder,
    spool: (count) => spool(site().dataDir, count),
    async untilSealed(count) {
      await eventually(async () => expect(await inFolder('sealed')).toHaveLength(count), {
        interval: 50,
      })
      const ledger = join(site().dataDir, 'ledger.jsonl')
      await eventually(async () => expect(await readLines(ledger)).toHaveLength(count))
    },
  }
}

async function spool(dir: string, count: number): Promise<string[]> {
  const store = await openFsStore({ dir, instance: 'test', reserveBytes: 0, clock: systemClock })
  const envelopes = Array.from({ length: count }, () => makeEnvelope())
  for (const envelope of envelopes) await putBlob(store, 'incoming', envelope)
  return envelopes.map(({ receipt }) => receipt)
}

/** Starts the worker and waits for its end. @returns its exit status and its log */
export async function runToEnd(unit: Unit): Promise<{ status: number | null; log: string }> {
  unit.start()
  await expect(unit.untilReady()).rejects.toThrow('did not start')
  return { status: await unit.stop(), log: unit.log }
}
