import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSite, type Site } from '../../faults/site.ts'
import { asEnvelope, makeEnvelope, sha256, type TestEnvelope } from '../../workers/envelopes.ts'
import { readLines } from '../../workers/workplace.ts'
import { runHere } from '../support/run-here.ts'
import { runTumen } from '../support/run-tumen.ts'
import { dayOfInstant } from '../../../src/time/day.ts'

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
const damaged = () => ({ ...makeEnvelope(), receipt: sha256(Buffer.from('another')) })

describe('tumen queue inspect', () => {
  it('says that there are none', async () => {
    expect(await run(['inspect'])).toEqual({ status: 0, stdout: 'no dead letters\n', stderr: '' })
    expect(JSON.parse((await run(['inspect', '--json'])).stdout)).toEqual([])
  })

  it('shows what the worker parked and why, and nothing finer than the day', async () => {
    const [one, other] = [malformed(), damaged()]
    const dayBefore = dayOfInstant(new Date())
    await parkByWorker(one, other)
    await site.redis.kill()
    const { status, stdout } = await run(['inspect', '--json'])
    expect(status).toBe(0)
    // Either of two days, in case the test runs over midnight.
    const day = expect.toBeOneOf([dayBefore, dayOfInstant(new Date())]) as string
    const shown = [
      { envelope: one, reason: 'NOT_AGE' },
      { envelope: other, reason: 'DIGEST_MISMATCH' },
    ]
      .sort((a, b) => (a.envelope.receipt < b.envelope.receipt ? -1 : 1))
      .map(({ envelope, reason }) => ({
        id: envelope.receipt.slice(0, 12),
        size: 'up to 128 KiB',
        day,
        reason,
        meaning: expect.any(String),
      }))
    expect(JSON.parse(stdout)).toEqual(shown)
    const text = (await run(['inspect', other.receipt.slice(0, 8)])).stdout
    expect(text).toMatch(
      new RegExp(
        `^${other.receipt.slice(0, 12)}  up to 128 KiB  \\d{4}-\\d\\d-\\d\\d  DIGEST_MISMATCH\n\nDIGEST_MISMATCH: its bytes`,
      ),
    )
    expect(text + stdout).not.toMatch(/[0-9a-f]{13}|\d\d:\d\d/)
    const { mtime, mode } = await stat(join(site.dataDir, 'quarantine', `${one.receipt}.reason`))
    expect([mtime.toISOString().slice(10), mode & 0o777]).toEqual(['T00:00:00.000Z', 0o600])
  })

  it('knows no reason where none was written, or where it cannot be one', async () => {
    const [one, other] = [
      await put('quarantine', malformed()),
      await put('quarantine', makeEnvelope()),
    ]
    await writeFile(join(site.dataDir, 'quarantine', `${other}.reason`), '\u001b[31mEVIL')
    const shown = JSON.parse((await run(['inspect', '--json'])).stdout) as {
      id: string
      reason: string | null
    }[]
    expect(shown.map(({ reason }) => reason)).toEqual([null, null])
    expect((await run(['inspect', one])).stdout).toContain('unknown')
  })

  it.each([['abc'], ['zzzzzzzz'], ['../../../etc']])('refuses %j as an id', async (id) => {
    expect(await run(['inspect', id])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('hex digits of a receipt'),
    })
  })

  it('refuses an id that is none, or several', async () => {
    expect(await run(['inspect', '0123456789ab'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no dead letter 0123456789ab'),
    })
    const { bytes } = malformed()
    for (const end of ['a', 'b'])
      await put('quarantine', { bytes, receipt: '0123456789'.padEnd(63, '0') + end })
    expect(await run(['inspect', '0123456789'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('2 dead letters'),
    })
  })
})

describe('tumen queue retry', () => {
  it('takes a copy in the vault for success and puts nothing back', async () => {
    const envelope = makeEnvelope()
    await put('sealed', envelope)
    await put('quarantine', { ...envelope, bytes: Buffer.from('damaged') })
    expect(JSON.parse((await run(['retry', envelope.receipt, '--json'])).stdout)).toEqual([
      { id: envelope.receipt.slice(0, 12), outcome: 'stored' },
    ])
    expect([await inFolder('incoming'), await inFolder('quarantine')]).toEqual([[], []])
    expect(await readFile(join(site.dataDir, 'sealed', `${envelope.receipt}.age`))).toEqual(
      envelope.bytes,
    )
  })

  it('wants ids or --all, not both and not neither', async () => {
    for (const args of [['retry'], ['retry', '01234567', '--all']])
      expect((await run(args)).status).toBe(2)
    expect(await run(['retry', '--all'])).toEqual({
      status: 0,
      stdout: 'no dead letters\n',
      stderr: '',
    })
  })
})

describe('tumen queue discard', () => {
  it('has the worker remove it, with a line in the ledger', async () => {
    const envelope = malformed()
    await parkByWorker(envelope)
    const done = await runTumen(
      site.dataDir,
      ['queue', 'discard', envelope.receipt.slice(0, 8), '--yes', '--json'],
      machine().env,
    )
    expect({ ...done, stdout: JSON.parse(done.stdout) as unknown }).toEqual({
      status: 0,
      stdout: { discarded: 1, waiting: 0 },
      stderr: '',
    })
    expect([await inFolder('quarantine'), await inFolder('discards')]).toEqual([[], []])
    expect((await readLines(join(site.dataDir, 'ledger.jsonl'))).map(({ event }) => event)).toEqual(
      ['quarantined', 'discarded'],
    )
  })

  it('asks on a terminal for the id, and removes nothing for another answer', async () => {
    const receipt = await put('quarantine', malformed())
    const isTerminal = { stdin: true, stdout: true, stderr: true }
    const refused = await run(['discard', receipt], { isTerminal, input: 'yes\n' })
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing was removed'),
    })
    expect((await run(['discard', receipt], { isTerminal })).status).toBe(1)
    expect(await readdir(site.dataDir)).not.toContain('discards')
    await run(['discard', receipt], { isTerminal, input: `${receipt.slice(0, 12)}\n` })
    expect(await inFolder('discards')).toEqual([receipt])
  })

  it('wants --yes where nobody can type, ids, and never all', async () => {
    const receipt = await put('quarantine', malformed())
    for (const args of [['discard', receipt], ['discard'], ['discard', '--all', '--yes']])
      expect((await run(args)).status).toBe(2)
    expect(await inFolder('quarantine')).toEqual([`${receipt}.age`])
  })
})
