import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSite, type Site } from '../../faults/site.ts'
import { asEnvelope, makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { readLines } from '../../workers/workplace.ts'
import { runHere } from '../support/run-here.ts'

let site: Site
beforeEach(async () => {
  site = await openSite()
  for (const folder of ['incoming', 'sealed', 'collected', 'quarantine'])
    await mkdir(join(site.dataDir, folder), { recursive: true, mode: 0o700 })
})
afterEach(() => site.dispose())

const machine = () => ({
  dir: site.dataDir,
  env: { TUMEN_DATA_DIR: site.dataDir, TUMEN_SWEEP_SECONDS: '1', TUMEN_RESERVE_BYTES: '0' },
})
const run = (args: string[], change: Parameters<typeof runHere>[2] = {}) =>
  runHere(machine(), ['queue', ...args], change)
const inFolder = async (name: string) => (await readdir(join(site.dataDir, name))).sort()
const put = async (folder: string, { receipt, bytes }: TestEnvelope) => {
  await writeFile(join(site.dataDir, folder, `${receipt}.age`), bytes, { mode: 0o600 })
  return receipt
}
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 50 })
const reasonOf = (receipt: string) =>
  readFile(join(site.dataDir, 'quarantine', `${receipt}.reason`), 'latin1')

/** Lets the real worker park envelopes that can never be stored. */
async function parkByWorker(...envelopes: TestEnvelope[]): Promise<void> {
  for (const envelope of envelopes) await put('incoming', envelope)
  site.worker.start()
  await site.worker.untilReady()
  await until(async () =>
    expect((await inFolder('quarantine')).filter((name) => name.endsWith('.age'))).toHaveLength(
      envelopes.length,
    ),
  )
}

const malformed = () => asEnvelope(Buffer.from('x'.repeat(500)))

describe('tumen queue with the real worker', () => {
  it('has a dead letter that has become good stored, also without Redis, and is done when repeated', async () => {
    await site.redis.kill()
    const envelope = makeEnvelope()
    await parkByWorker({ ...envelope, bytes: Buffer.from('damaged') })
    await put('quarantine', envelope)
    expect(await run(['retry', envelope.receipt.slice(0, 12)])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('back in the spool'),
    })
    await until(async () => expect(await inFolder('sealed')).toEqual([`${envelope.receipt}.age`]))
    expect(await inFolder('quarantine')).toEqual([])
    expect(await run(['retry', envelope.receipt.slice(0, 12)])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('retried before'),
    })
    // The worker writes the line after the move.
    await until(async () =>
      expect(
        (await readLines(join(site.dataDir, 'ledger.jsonl'))).map(({ event }) => event),
      ).toEqual(['quarantined', 'stored']),
    )
  })

  it('brings back to quarantine what can still not be stored, with its reason', async () => {
    const envelope = malformed()
    await parkByWorker(envelope)
    expect((await run(['retry', '--all'])).status).toBe(0)
    await until(async () => expect(await reasonOf(envelope.receipt)).toBe('NOT_AGE\n'))
    await until(async () => expect(await inFolder('incoming')).toEqual([]))
    expect(await readLines(join(site.dataDir, 'ledger.jsonl'))).toHaveLength(1)
  })

  it('is done as soon as the worker runs', async () => {
    const receipt = await put('quarantine', malformed())
    expect(await run(['discard', receipt, '--yes'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('as soon as it runs'),
    })
    expect(await inFolder('quarantine')).toHaveLength(1)
    site.worker.start()
    await site.worker.untilReady()
    await until(async () => expect(await inFolder('quarantine')).toEqual([]))
  })
})
