import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { readLines } from '../../workers/workplace.ts'
import { type DeadLetters, malformed, openDeadLetters } from '../queue/dead-letters.ts'
import { eventually } from '../../support/eventually.ts'

let letters: DeadLetters
beforeEach(async () => {
  letters = await openDeadLetters()
})
afterEach(() => letters.site.dispose())

const reasonOf = (receipt: string) =>
  readFile(letters.at('quarantine', `${receipt}.reason`), 'latin1')

describe('tumen queue with the real worker', () => {
  it('has a repaired dead letter stored, also without Redis, and may be repeated', async () => {
    await letters.site.redis.kill()
    const envelope = makeEnvelope()
    await letters.parkByWorker({ ...envelope, bytes: Buffer.from('damaged') })
    await letters.put('quarantine', envelope)
    expect(await letters.run(['retry', envelope.receipt.slice(0, 12)])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('back in the spool'),
    })
    await eventually(async () =>
      expect(await letters.inFolder('sealed')).toEqual([`${envelope.receipt}.age`]),
    )
    expect(await letters.inFolder('quarantine')).toEqual([])
    expect(await letters.run(['retry', envelope.receipt.slice(0, 12)])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('retried before'),
    })
    // The worker writes the line after the move.
    await eventually(async () =>
      expect(await letters.ledgerEvents()).toEqual(['quarantined', 'stored']),
    )
  })

  it('brings back to quarantine what can still not be stored, with its reason', async () => {
    const envelope = malformed()
    await letters.parkByWorker(envelope)
    expect((await letters.run(['retry', '--all'])).status).toBe(0)
    await eventually(async () => expect(await reasonOf(envelope.receipt)).toBe('NOT_AGE\n'))
    await eventually(async () => expect(await letters.inFolder('incoming')).toEqual([]))
    expect(await readLines(letters.at('ledger.jsonl'))).toHaveLength(1)
  })

  it('is done as soon as the worker runs', async () => {
    const receipt = await letters.put('quarantine', malformed())
    expect(await letters.run(['discard', receipt, '--yes'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('as soon as it runs'),
    })
    expect(await letters.inFolder('quarantine')).toHaveLength(1)
    await letters.startWorker()
    await eventually(async () => expect(await letters.inFolder('quarantine')).toEqual([]))
  })
})
