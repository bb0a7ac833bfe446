import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { type DiscardRequests, openDiscardRequests } from '../../src/store/discard-requests.ts'
import { StoreError } from '../../src/store/errors.ts'
import { discardRequested } from '../../workers/discard.ts'
import { reconcile } from '../../workers/reconcile.ts'
import { asEnvelope, listReceipts, makeEnvelope, putBlob, type TestEnvelope } from './envelopes.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

let place: Workplace
let requests: DiscardRequests
beforeEach(async () => {
  place = await openWorkplace()
  requests = openDiscardRequests(place)
})
afterEach(() => place.dispose())

const discard = (change: { store?: BlobStore } = {}): Promise<number> =>
  discardRequested({ ...place, requests, ...change })
const eventsOf = async (): Promise<string[]> => (await place.lines()).map(({ event }) => event)

async function park(
  envelope: TestEnvelope = asEnvelope(Buffer.from('no age file')),
): Promise<string> {
  await putBlob(place.store, 'incoming', envelope)
  expect(await place.handler.store(envelope.receipt)).toBe('quarantined')
  return envelope.receipt
}

/** A store whose method `name` always fails, as if the process died in that call. */
function dyingAt(name: keyof BlobStore): BlobStore {
  return new Proxy(place.store, {
    get(target, member: keyof BlobStore) {
      if (member === name) return () => Promise.reject(new StoreError('IO_FAILED', 'died'))
      return (target[member] as (...args: never[]) => unknown).bind(target)
    },
  })
}

describe('discardRequested', () => {
  it('removes a dead letter, its reason and the request, and writes the line', async () => {
    const receipt = await park()
    await requests.add(receipt)
    expect(await discard()).toBe(1)
    expect(await readdir(join(place.dir, 'quarantine'))).toEqual([])
    expect(await requests.list()).toEqual([])
    expect(await eventsOf()).toEqual(['quarantined', 'discarded'])
    expect(await discard()).toBe(0)
    await place.reopen()
    await reconcile(place)
    expect(await eventsOf()).toEqual(['quarantined', 'discarded'])
  })

  it('leaves alone what nobody asked to remove', async () => {
    const receipt = await park()
    await requests.add(await park(asEnvelope(Buffer.from('neither'))))
    await discard()
    expect(await listReceipts(place.store, 'quarantine')).toEqual([receipt])
  })

  it('never touches a good envelope of that receipt', async () => {
    const envelope = makeEnvelope()
    await park({ receipt: envelope.receipt, bytes: Buffer.from('damaged') })
    for (const prefix of ['incoming', 'sealed'] as const) {
      await requests.add(envelope.receipt)
      await putBlob(place.store, 'incoming', envelope)
      if (prefix === 'sealed') await place.handler.store(envelope.receipt)
      await discard()
      expect(await place.store.locate(envelope.receipt)).toBe(prefix)
    }
  })

  it('continues after a crash between the line and the envelope, without a second line', async () => {
    const receipt = await park()
    await requests.add(receipt)
    await expect(discard({ store: dyingAt('remove') })).rejects.toMatchObject({ code: 'IO_FAILED' })
    expect(await listReceipts(place.store, 'quarantine')).toEqual([receipt])
    await place.reopen()
    expect(await discard()).toBe(1)
    await reconcile(place)
    expect(await listReceipts(place.store, 'quarantine')).toEqual([])
    expect(await eventsOf()).toEqual(['quarantined', 'discarded'])
  })

  it('writes the line that a crash had left out first', async () => {
    const { receipt, bytes } = asEnvelope(Buffer.from('no age file'))
    await putBlob(place.store, 'quarantine', { receipt, bytes })
    await requests.add(receipt)
    expect(await discard()).toBe(1)
    expect(await eventsOf()).toEqual(['quarantined', 'discarded'])
  })

  it('writes both lines again when the same came again', async () => {
    for (let time = 0; time < 2; time += 1) {
      await requests.add(await park())
      await discard()
    }
    expect(await eventsOf()).toEqual(['quarantined', 'discarded', 'quarantined', 'discarded'])
  })

  it('ignores everything but receipts in the folder of requests', async () => {
    await requests.add('../../etc/passwd')
    expect(await requests.list()).toEqual([])
  })
})
