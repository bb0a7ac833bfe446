import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openSite, type Site } from '../../faults/site.ts'
import { asEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { readLines } from '../../workers/workplace.ts'
import { runHere } from '../support/run-here.ts'
import { eventually } from '../../support/eventually.ts'

/** A site whose dead letters `tumen queue` looks after. */
export class DeadLetters {
  readonly site: Site
  readonly env: Record<string, string>

  constructor(site: Site) {
    this.site = site
    this.env = {
      TUMEN_DATA_DIR: site.dataDir,
      TUMEN_SWEEP_SECONDS: '1',
      TUMEN_RESERVE_BYTES: '0',
    }
  }

  at(...parts: string[]): string {
    return join(this.site.dataDir, ...parts)
  }

  run(args: string[], change: Parameters<typeof runHere>[2] = {}): ReturnType<typeof runHere> {
    return runHere({ dir: this.site.dataDir, env: this.env }, ['queue', ...args], change)
  }

  async inFolder(name: string): Promise<string[]> {
    return (await readdir(this.at(name))).sort()
  }

  /** @returns the receipt */
  async put(folder: string, { receipt, bytes }: TestEnvelope): Promise<string> {
    await writeFile(this.at(folder, `${receipt}.age`), bytes, { mode: 0o600 })
    return receipt
  }

  async ledgerEvents(): Promise<string[]> {
    return (await readLines(this.at('ledger.jsonl'))).map(({ event }) => event)
  }

  async startWorker(): Promise<void> {
    this.site.worker.start()
    await this.site.worker.untilReady()
  }

  /** Lets the real worker park envelopes that can never be stored. */
  async parkByWorker(...envelopes: TestEnvelope[]): Promise<void> {
    for (const envelope of envelopes) await this.put('incoming', envelope)
    await this.startWorker()
    await eventually(async () => {
      const names = await this.inFolder('quarantine')
      expect(names.filter((name) => name.endsWith('.age'))).toHaveLength(envelopes.length)
    })
  }
}

export async function openDeadLetters(): Promise<DeadLetters> {
  const site = await openSite()
  for (const folder of ['incoming', 'sealed', 'collected', 'quarantine'])
    await mkdir(join(site.dataDir, folder), { recursive: true, mode: 0o700 })
  return new DeadLetters(site)
}

export const malformed = (): TestEnvelope => asEnvelope(Buffer.from('x'.repeat(500)))
