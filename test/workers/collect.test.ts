import { mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { CollectError } from '../../workers/collect-error.ts'
import { collectAcknowledged, type CollectOptions } from '../../workers/collect.ts'
import { Inbox, maxAcknowledgementBytes } from '../../workers/inbox.ts'
import { openDeletionRequest } from '../../src/store/deletion-request.ts'
import { createRetention, deleteExpired } from '../../workers/retention.ts'
import { reconcile } from '../../workers/reconcile.ts'
import { listReceipts, makeEnvelope, putBlob, sha256 } from './envelopes.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

let place: Workplace
let inboxDir: string
let inbox: Inbox

beforeEach(async () => {
  place = await openWorkplace()
  inboxDir = join(place.dir, 'acknowledgements')
  inbox = new Inbox(inboxDir)
  await inbox.create()
})
afterEach(() => place.dispose())

/** Replaces the keyring: the signature `good` is valid, any other is not. */
const verify: CollectOptions['verify'] = async (bytes, signature) => {
  if (Buffer.from(signature).toString() !== 'good') throw new CollectError('REFUSED', 'not signed')
  return JSON.parse(Buffer.from(bytes).toString()) as { receipts: string[] }
}

const collect = (options: Partial<CollectOptions> = {}) =>
  collectAcknowledged({ store: place.store, ledger: place.ledger, inbox, verify, ...options })

async function leave(
  receipts: readonly string[],
  signature: string | null = 'good',
): Promise<string> {
  const text = JSON.stringify({ receipts })
  const name = `${sha256(Buffer.from(text))}.json`
  await writeFile(join(inboxDir, name), text)
  if (signature !== null) await writeFile(join(inboxDir, `${name}.minisig`), signature)
  return name
}

async function storeSome(count: number): Promise<string[]> {
  const receipts = []
  for (let n = 0; n < count; n += 1) {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', envelope)
    await place.handler.store(envelope.receipt)
    receipts.push(envelope.receipt)
  }
  return receipts.sort()
}

describe('collectAcknowledged', () => {
  it('collects what was acknowledged, writes the lines and removes the file', async () => {
    const receipts = await storeSome(40)
    await leave([...receipts, receipts[0] ?? ''])
    expect(await collect()).toEqual({ files: 1, refused: 0, collected: 40, unknown: 0 })
    expect(await listReceipts(place.store, 'collected')).toEqual(receipts)
    expect(await listReceipts(place.store, 'sealed')).toEqual([])
    expect((await place.lines()).filter((line) => line.event === 'collected')).toHaveLength(40)
    expect(await readdir(inboxDir)).toEqual(['refused'])
  })

  it('counts envelopes that this server never stored, and continues', async () => {
    const [receipt = ''] = await storeSome(1)
    await leave([makeEnvelope().receipt, receipt])
    expect(await collect()).toMatchObject({ collected: 1, unknown: 1 })
  })

  describe('when another machine has stored the envelopes', () => {
    /** Puts an envelope into the vault without a line in this ledger. */
    async function storedElsewhere(): Promise<string> {
      const envelope = makeEnvelope()
      await putBlob(place.store, 'incoming', envelope)
      await place.store.move(envelope.receipt, 'incoming', 'sealed')
      return envelope.receipt
    }

    it('enters them in its own ledger and collects them', async () => {
      const receipt = await storedElsewhere()
      await leave([receipt])
      expect(await collect({ isShared: true })).toMatchObject({ files: 1, collected: 1 })
      const events = (await place.lines()).map(({ event }) => event)
      expect(events).toEqual(['stored', 'collected'])
    })

    it('finishes an acknowledgement that another machine has applied', async () => {
      const receipt = await storedElsewhere()
      await place.store.move(receipt, 'sealed', 'collected')
      await leave([receipt])
      expect(await collect({ isShared: true })).toMatchObject({ files: 1, collected: 0 })
      expect(await place.lines()).toEqual([])
      expect(await readdir(inboxDir)).toEqual(['refused'])
    })
  })

  it('changes nothing the second time', async () => {
    const receipts = await storeSome(3)
    await leave(receipts)
    await collect()
    await leave(receipts)
    expect(await collect()).toEqual({ files: 1, refused: 0, collected: 0, unknown: 0 })
    expect(await place.lines()).toHaveLength(6)
  })

  it('puts a file aside that is not signed', async () => {
    const [receipt = ''] = await storeSome(1)
    const name = await leave([receipt], 'forged')
    expect(await collect()).toEqual({ files: 0, refused: 1, collected: 0, unknown: 0 })
    expect((await readdir(join(inboxDir, 'refused'))).sort()).toEqual([name, `${name}.minisig`])
    expect(await listReceipts(place.store, 'sealed')).toEqual([receipt])
  })

  it('waits for a missing signature or keyring, and for the end of an incomplete copy', async () => {
    const [receipt = ''] = await storeSome(1)
    const unsigned = await leave([receipt], null)
    expect(await collect()).toMatchObject({ files: 0, refused: 0 })
    await writeFile(join(inboxDir, `${unsigned}.minisig`), 'good')
    const noKeyring = async () => Promise.reject(new CollectError('KEYRING_UNAVAILABLE', 'none'))
    await expect(collect({ verify: noKeyring })).rejects.toMatchObject({
      code: 'KEYRING_UNAVAILABLE',
    })
    await writeFile(join(inboxDir, unsigned), '{"rec')
    expect(await collect()).toMatchObject({ files: 0, refused: 0 })
    await leave([receipt])
    expect(await collect()).toMatchObject({ files: 1, collected: 1 })
  })

  it('waits for the day on which the desk’s key begins, and takes the other files in meanwhile', async () => {
    const [one = '', other = ''] = await storeSome(2)
    const early = await leave([one], 'early')
    await leave([other])
    const notYet: CollectOptions['verify'] = async (bytes, signature) => {
      if (Buffer.from(signature).toString() === 'early') throw new CollectError('NOT_YET', 'early')
      return await verify(bytes, signature)
    }
    expect(await collect({ verify: notYet })).toMatchObject({ files: 1, refused: 0, collected: 1 })
    await writeFile(join(inboxDir, `${early}.minisig`), 'good')
    expect(await collect()).toMatchObject({ files: 1, collected: 1 })
  })

  it('refuses a file under a wrong name once it has stopped growing', async () => {
    const name = await leave([], 'forged')
    await writeFile(join(inboxDir, name), '{}')
    expect(await collect()).toMatchObject({ refused: 0 })
    expect(await collect()).toMatchObject({ refused: 1 })
  })

  it('waits for an envelope whose line is not written yet', async () => {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', envelope)
    await leave([envelope.receipt])
    expect(await collect()).toMatchObject({ files: 0, unknown: 0 })
    await place.handler.store(envelope.receipt)
    expect(await collect()).toMatchObject({ files: 1, collected: 1 })
  })

  it.each([
    ['at the bound', maxAcknowledgementBytes, 0],
    ['one above', maxAcknowledgementBytes + 1, 1],
  ])('reads a file %s', async (_, bytes, refused) => {
    const name = await leave([])
    await truncate(join(inboxDir, name), bytes)
    expect(await collect()).toMatchObject({ refused })
  })

  it('follows no link and opens no folder', async () => {
    const name = `${'a'.repeat(64)}.json`
    const other = `${'b'.repeat(64)}.json`
    await symlink(place.ledgerPath, join(inboxDir, name))
    await mkdir(join(inboxDir, other))
    for (const each of [name, other]) await writeFile(join(inboxDir, `${each}.minisig`), 'good')
    expect(await collect()).toMatchObject({ refused: 2 })
  })

  it('finishes what a crash has left at any step', async () => {
    const receipts = await storeSome(3)
    const [moved = '', lined = ''] = receipts
    const name = await leave(receipts)
    await place.store.move(moved, 'sealed', 'collected')
    await place.store.move(lined, 'sealed', 'collected')
    await place.ledger.append('collected', lined, 1)
    await place.reopen()
    await reconcile(place)
    expect(await collect()).toMatchObject({ files: 1, collected: 1 })
    expect((await place.lines()).filter((line) => line.event === 'collected')).toHaveLength(3)
    await writeFile(join(inboxDir, `${name}.done`), '')
    await writeFile(join(inboxDir, `${name}.minisig`), 'good')
    await collect()
    expect(await readdir(inboxDir)).toEqual(['refused'])
  })
})

describe('deleteExpired', () => {
  const deletionRequest = () => openDeletionRequest({ dir: place.dir, clock: place.clock })

  const expire = (retentionDays = 30) =>
    deleteExpired({
      store: place.store,
      ledger: place.ledger,
      clock: place.clock,
      retentionDays,
      deletionRequest: deletionRequest(),
    })

  it.each([
    ['2026-12-22', 0],
    ['2026-12-23', 0],
    ['2026-12-24', 1],
  ])('30 days after the 23rd of November, on %s, deletes %i', async (day, deleted) => {
    await leave(await storeSome(1))
    await collect()
    place.clock.set(day)
    expect(await expire()).toBe(deleted)
    expect(await listReceipts(place.store, 'collected')).toHaveLength(1 - deleted)
    expect((await place.lines()).map((line) => line.event)).toEqual(
      ['stored', 'collected', 'deleted'].slice(0, 2 + deleted),
    )
  })

  it('deletes everything collected at once when asked to, and nothing else', async () => {
    const receipts = await storeSome(3)
    await leave(receipts.slice(0, 2))
    await collect()
    await deletionRequest().add()
    expect(await expire()).toBe(2)
    expect(await listReceipts(place.store, 'collected')).toEqual([])
    expect(await listReceipts(place.store, 'sealed')).toEqual(receipts.slice(2))
    expect((await place.lines()).filter(({ event }) => event === 'deleted')).toHaveLength(2)
    expect(deletionRequest().isPending()).toBe(false)
  })

  it('keeps the request when it is stopped, and finishes the next time', async () => {
    await leave(await storeSome(2))
    await collect()
    await deletionRequest().add()
    const options = { ...place, retentionDays: 30, deletionRequest: deletionRequest() }
    expect(await deleteExpired({ ...options, isStopping: () => true })).toBe(0)
    expect(deletionRequest().isPending()).toBe(true)
    expect(await expire()).toBe(2)
    expect(deletionRequest().isPending()).toBe(false)
  })

  it('finishes a deletion that a crash has left half done, with one line', async () => {
    const [receipt = ''] = await storeSome(1)
    await leave([receipt])
    await collect()
    place.clock.set('2027-01-01')
    await place.ledger.append('deleted', receipt, 1)
    await place.reopen()
    await reconcile(place)
    expect(await expire()).toBe(1)
    expect((await place.lines()).map((line) => line.event)).toEqual([
      'stored',
      'collected',
      'deleted',
    ])
  })

  it('keeps what was collected while the clock was behind for as long as everything else', async () => {
    await leave(await storeSome(1))
    place.clock.set('2026-01-05')
    await collect()
    place.clock.set('2026-12-23')
    expect(await expire()).toBe(0)
    place.clock.set('2026-12-24')
    expect(await expire()).toBe(1)
  })

  it('leaves alone what nobody has acknowledged', async () => {
    await storeSome(1)
    place.clock.set('2099-01-01')
    expect(await expire(0)).toBe(0)
    expect(await listReceipts(place.store, 'sealed')).toHaveLength(1)
  })
})

describe('createRetention', () => {
  const retention = (isClockSettled = () => true) =>
    createRetention({
      store: place.store,
      ledger: place.ledger,
      clock: place.clock,
      retentionDays: 30,
      deletionRequest: openDeletionRequest({ dir: place.dir, clock: place.clock }),
      isClockSettled,
    })

  beforeEach(async () => {
    await leave(await storeSome(1))
    await collect()
  })

  it('deletes nothing before the clock is settled', async () => {
    let isSettled = false
    const run = retention(() => isSettled)
    place.clock.set('2026-12-24')
    expect(await run()).toBe(0)
    expect(await listReceipts(place.store, 'collected')).toHaveLength(1)
    isSettled = true
    expect(await run()).toBe(1)
  })

  it('deletes nothing while the clock says an earlier day than the ledger', async () => {
    const [receipt = ''] = await storeSome(1)
    place.clock.set('2027-06-01')
    await place.ledger.append('collected', receipt, 1)
    place.clock.set('2026-12-24')
    const run = retention()
    expect(await run()).toBe(0)
    place.clock.set('2027-06-01')
    expect(await run()).toBe(1)
  })

  it('deletes at once what a person asked for, whatever the clock says', async () => {
    await openDeletionRequest({ dir: place.dir, clock: place.clock }).add()
    expect(await retention(() => false)()).toBe(1)
  })

  it('lists the folder once a day, and again after a failure', async () => {
    let lists = 0
    const store: BlobStore = {
      ...place.store,
      read: (...all) => place.store.read(...all),
      remove: (...all) => place.store.remove(...all),
      list(...all) {
        lists += 1
        if (lists === 1) throw new Error('the disk failed')
        return place.store.list(...all)
      },
    }
    const run = createRetention({
      store,
      ledger: place.ledger,
      clock: place.clock,
      retentionDays: 30,
      deletionRequest: openDeletionRequest({ dir: place.dir, clock: place.clock }),
      isClockSettled: () => true,
    })
    await expect(run()).rejects.toThrow('the disk failed')
    await run()
    await run()
    expect(lists).toBe(2)
    place.clock.set('2026-12-24')
    expect(await run()).toBe(1)
    expect(lists).toBe(3)
  })
})
