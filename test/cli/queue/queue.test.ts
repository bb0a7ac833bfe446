import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeEnvelope, sha256 } from '../../workers/envelopes.ts'
import { runTumen } from '../support/run-tumen.ts'
import { type DeadLetters, malformed, openDeadLetters } from './dead-letters.ts'
import { dayOfInstant } from '../../../src/time/day.ts'

let letters: DeadLetters
beforeEach(async () => {
  letters = await openDeadLetters()
})
afterEach(() => letters.site.dispose())

const damaged = () => ({ ...makeEnvelope(), receipt: sha256(Buffer.from('another')) })

describe('tumen queue inspect', () => {
  it('says that there are no dead letters', async () => {
    expect(await letters.run(['inspect'])).toEqual({
      status: 0,
      stdout: 'no dead letters\n',
      stderr: '',
    })
    expect(JSON.parse((await letters.run(['inspect', '--json'])).stdout)).toEqual([])
  })

  it('shows what the worker quarantined and why, and no time finer than the day', async () => {
    const [one, other] = [malformed(), damaged()]
    const dayBefore = dayOfInstant(new Date())
    await letters.parkByWorker(one, other)
    await letters.site.redis.kill()
    const { status, stdout } = await letters.run(['inspect', '--json'])
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
    const text = (await letters.run(['inspect', other.receipt.slice(0, 8)])).stdout
    expect(text).toMatch(
      new RegExp(
        `^${other.receipt.slice(0, 12)}  up to 128 KiB  \\d{4}-\\d\\d-\\d\\d  DIGEST_MISMATCH\n\nDIGEST_MISMATCH: its bytes`,
      ),
    )
    expect(text + stdout).not.toMatch(/[0-9a-f]{13}|\d\d:\d\d/)
    const { mtime, mode } = await stat(letters.at('quarantine', `${one.receipt}.reason`))
    expect([mtime.toISOString().slice(10), mode & 0o777]).toEqual(['T00:00:00.000Z', 0o600])
  })

  it('shows no reason if none was written, or if the file is not valid', async () => {
    const [one, other] = [
      await letters.put('quarantine', malformed()),
      await letters.put('quarantine', makeEnvelope()),
    ]
    await writeFile(letters.at('quarantine', `${other}.reason`), '\u001b[31mEVIL')
    const shown = JSON.parse((await letters.run(['inspect', '--json'])).stdout) as {
      id: string
      reason: string | null
    }[]
    expect(shown.map(({ reason }) => reason)).toEqual([null, null])
    expect((await letters.run(['inspect', one])).stdout).toContain('unknown')
  })

  it.each([['abc'], ['zzzzzzzz'], ['../../../etc']])('refuses %j as an id', async (id) => {
    expect(await letters.run(['inspect', id])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('hex digits of a receipt'),
    })
  })

  it('refuses an id that matches no dead letter, or several', async () => {
    expect(await letters.run(['inspect', '0123456789ab'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no dead letter 0123456789ab'),
    })
    const { bytes } = malformed()
    for (const end of ['a', 'b'])
      await letters.put('quarantine', { bytes, receipt: '0123456789'.padEnd(63, '0') + end })
    expect(await letters.run(['inspect', '0123456789'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('2 dead letters'),
    })
  })
})

describe('tumen queue retry', () => {
  it('counts a copy in the vault as success, and moves nothing back', async () => {
    const envelope = makeEnvelope()
    await letters.put('sealed', envelope)
    await letters.put('quarantine', { ...envelope, bytes: Buffer.from('damaged') })
    expect(JSON.parse((await letters.run(['retry', envelope.receipt, '--json'])).stdout)).toEqual([
      { id: envelope.receipt.slice(0, 12), outcome: 'stored' },
    ])
    expect([await letters.inFolder('incoming'), await letters.inFolder('quarantine')]).toEqual([
      [],
      [],
    ])
    expect(await readFile(letters.at('sealed', `${envelope.receipt}.age`))).toEqual(envelope.bytes)
  })

  it('requires either ids or --all', async () => {
    for (const args of [['retry'], ['retry', '01234567', '--all']])
      expect((await letters.run(args)).status).toBe(2)
    expect(await letters.run(['retry', '--all'])).toEqual({
      status: 0,
      stdout: 'no dead letters\n',
      stderr: '',
    })
  })
})

describe('tumen queue discard', () => {
  it('has the worker remove it, with a line in the ledger', async () => {
    const envelope = malformed()
    await letters.parkByWorker(envelope)
    const done = await runTumen(
      letters.site.dataDir,
      ['queue', 'discard', envelope.receipt.slice(0, 8), '--yes', '--json'],
      letters.env,
    )
    expect({ ...done, stdout: JSON.parse(done.stdout) as unknown }).toEqual({
      status: 0,
      stdout: { discarded: 1, waiting: 0 },
      stderr: '',
    })
    expect([await letters.inFolder('quarantine'), await letters.inFolder('discards')]).toEqual([
      [],
      [],
    ])
    expect(await letters.ledgerEvents()).toEqual(['quarantined', 'discarded'])
  })

  it('asks on a terminal for the id, and removes nothing for another answer', async () => {
    const receipt = await letters.put('quarantine', malformed())
    const isTerminal = { stdin: true, stdout: true, stderr: true }
    const refused = await letters.run(['discard', receipt], { isTerminal, input: 'yes\n' })
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing was removed'),
    })
    expect((await letters.run(['discard', receipt], { isTerminal })).status).toBe(1)
    expect(await readdir(letters.site.dataDir)).not.toContain('discards')
    await letters.run(['discard', receipt], { isTerminal, input: `${receipt.slice(0, 12)}\n` })
    expect(await letters.inFolder('discards')).toEqual([receipt])
  })

  it('requires ids, and --yes without a terminal, and does not accept --all', async () => {
    const receipt = await letters.put('quarantine', malformed())
    for (const args of [['discard', receipt], ['discard'], ['discard', '--all', '--yes']])
      expect((await letters.run(args)).status).toBe(2)
    expect(await letters.inFolder('quarantine')).toEqual([`${receipt}.age`])
  })
})
