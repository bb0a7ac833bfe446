import { type FileHandle, open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { StoreError } from '../../src/store/errors.ts'
import { reconcile } from '../../workers/reconcile.ts'
import { maxCrashes } from '../../workers/store.ts'
import { asEnvelope, listReceipts, makeEnvelope, putBlob } from './envelopes.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

let place: Workplace
beforeEach(async () => {
  place = await openWorkplace()
})
afterEach(() => place.dispose())

const eventsOf = async (): Promise<string[]> => (await place.lines()).map((line) => line.event)

describe('store', () => {
  it('moves a good envelope to the vault, byte for byte, with one line', async () => {
    const envelope = makeEnvelope(70_000)
    await putBlob(place.store, 'incoming', envelope)
    expect(await place.handler.store(envelope.receipt)).toBe('stored')
    expect(await listReceipts(place.store, 'incoming')).toEqual([])
    expect(await readFile(join(place.dir, 'sealed', `${envelope.receipt}.age`))).toEqual(
      envelope.bytes,
    )
    expect(await place.lines()).toMatchObject([
      {
        event: 'stored',
        receipt: envelope.receipt,
        bytes: envelope.bytes.length,
        day: '2026-11-23',
      },
    ])
  })

  it('does it once when it runs twice, one after the other or at once', async () => {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', envelope)
    const outcomes = await Promise.all([
      place.handler.store(envelope.receipt),
      place.handler.store(envelope.receipt),
    ])
    expect(outcomes).toEqual(['stored', 'stored'])
    expect(await place.handler.store(envelope.receipt)).toBe('absent')
    expect(await place.lines()).toHaveLength(1)
    expect(await listReceipts(place.store, 'sealed')).toEqual([envelope.receipt])
  })

  it('does it once when two handlers do it at once, as after a lock was lost', async () => {
    const envelopes = Array.from({ length: 20 }, () => makeEnvelope())
    for (const envelope of envelopes) await putBlob(place.store, 'incoming', envelope)
    const all = envelopes.flatMap(({ receipt }) => [
      place.handler.store(receipt),
      place.handler.store(receipt, { isSuspect: true }),
    ])
    await Promise.all(all)
    expect(await place.lines()).toHaveLength(20)
    expect(await listReceipts(place.store, 'sealed')).toHaveLength(20)
  })

  it('returns absent for an envelope that is not there', async () => {
    expect(await place.handler.store(makeEnvelope().receipt)).toBe('absent')
    expect(await place.handler.store(makeEnvelope().receipt, { isSuspect: true })).toBe('absent')
    expect(await place.lines()).toEqual([])
  })

  it('finishes a repeat whose envelope is in the vault already', async () => {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', envelope)
    await place.handler.store(envelope.receipt)
    await writeFile(join(place.dir, 'incoming', `${envelope.receipt}.age`), envelope.bytes)
    expect(await place.handler.store(envelope.receipt)).toBe('stored')
    expect(await listReceipts(place.store, 'incoming')).toEqual([])
    expect(await place.lines()).toHaveLength(1)
  })
})

describe('when the envelope can never be stored', () => {
  it.each([
    [
      'its bytes are not those of its name',
      () => ({ ...makeEnvelope(), receipt: makeEnvelope().receipt }),
      'DIGEST_MISMATCH',
    ],
    ['it is no age file', () => asEnvelope(Buffer.from('x'.repeat(500))), 'NOT_AGE'],
    ['it is empty', () => asEnvelope(Buffer.alloc(0)), 'HEADER_INVALID'],
    [
      'its last chunk is missing',
      () => asEnvelope(makeEnvelope(0).bytes.subarray(0, -17)),
      'PAYLOAD_TRUNCATED',
    ],
  ])('puts it into quarantine because %s', async (_, make, reason) => {
    const envelope = make()
    await putBlob(place.store, 'incoming', envelope)
    expect(await place.handler.store(envelope.receipt)).toBe('quarantined')
    expect(place.quarantined).toEqual([reason])
    expect(await listReceipts(place.store, 'incoming')).toEqual([])
    expect(await listReceipts(place.store, 'sealed')).toEqual([])
    expect(await readFile(join(place.dir, 'quarantine', `${envelope.receipt}.age`))).toEqual(
      envelope.bytes,
    )
    expect(await place.lines()).toMatchObject([
      { event: 'quarantined', bytes: envelope.bytes.length },
    ])
  })

  it('stores a good one of the same receipt afterwards', async () => {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', {
      receipt: envelope.receipt,
      bytes: Buffer.from('damaged'),
    })
    await place.handler.store(envelope.receipt)
    await putBlob(place.store, 'incoming', envelope)
    expect(await place.handler.store(envelope.receipt)).toBe('stored')
    await place.reopen()
    await reconcile(place)
    expect(await eventsOf()).toEqual(['quarantined', 'stored'])
  })
})

describe('when the disk fails', () => {
  it.each(['NO_SPACE', 'IO_FAILED'] as const)(
    'throws %s, quarantines nothing and stores later',
    async (code) => {
      let isSick = true
      const sick = await openWorkplace((store) => failing(store, () => isSick, code))
      const envelope = makeEnvelope()
      await putBlob(sick.store, 'incoming', envelope)
      for (let time = 0; time < 10; time += 1) {
        await expect(
          sick.handler.store(envelope.receipt, { isSuspect: true }),
        ).rejects.toMatchObject({ code })
      }
      expect(await listReceipts(sick.store, 'incoming')).toEqual([envelope.receipt])
      isSick = false
      expect(await sick.handler.store(envelope.receipt)).toBe('stored')
      await sick.dispose()
    },
  )
})

function failing(
  store: BlobStore,
  isSick: () => boolean,
  code: 'NO_SPACE' | 'IO_FAILED',
): BlobStore {
  return new Proxy(store, {
    get(target, name: keyof BlobStore) {
      if (name === 'move' && isSick()) return () => Promise.reject(new StoreError(code, 'sick'))
      const member = target[name] as (...args: never[]) => unknown
      return member.bind(target)
    },
  })
}

describe('when storing an envelope kills the process', () => {
  it.each([
    [maxCrashes - 1, 'stored'],
    [maxCrashes, 'quarantined'],
    [maxCrashes + 1, 'quarantined'],
  ] as const)('after %i crashes alone it is %s', async (crashes, outcome) => {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', envelope)
    for (let crash = 0; crash < crashes; crash += 1) await place.attempts.begin(envelope.receipt)
    expect(await place.handler.store(envelope.receipt, { isSuspect: true })).toBe(outcome)
    expect(await eventsOf()).toEqual([outcome])
    expect(await readdir(join(place.dir, 'attempts'))).toEqual([])
  })

  it('treats an envelope with a note from an earlier process as a suspect', async () => {
    const envelope = makeEnvelope()
    await putBlob(place.store, 'incoming', envelope)
    for (let crash = 0; crash < maxCrashes; crash += 1) await place.attempts.begin(envelope.receipt)
    await place.reopen()
    expect(await place.handler.store(envelope.receipt)).toBe('quarantined')
    expect(place.attempts.noted().size).toBe(0)
  })

  it('leaves a note without a time while it runs', async () => {
    const envelope = makeEnvelope()
    await place.attempts.begin(envelope.receipt)
    const note = await stat(join(place.dir, 'attempts', envelope.receipt))
    expect(note.mtime.toISOString()).toBe('2026-11-23T00:00:00.000Z')
    await place.attempts.end(envelope.receipt)
  })

  it('treats no envelope as a suspect for a note that cannot be read', async () => {
    const envelope = makeEnvelope()
    await place.attempts.begin(envelope.receipt)
    await writeFile(join(place.dir, 'attempts', envelope.receipt), 'many')
    expect(await place.attempts.begin(envelope.receipt)).toBe(0)
  })
})

describe('reconcile', () => {
  it('writes the lines that are missing, once', async () => {
    const [stored, collected, parked, known] = [
      makeEnvelope(),
      makeEnvelope(),
      makeEnvelope(),
      makeEnvelope(),
    ] as const
    await putBlob(place.store, 'incoming', known)
    await place.handler.store(known.receipt)
    for (const envelope of [stored, collected, parked])
      await putBlob(place.store, 'incoming', envelope)
    await place.store.move(stored.receipt, 'incoming', 'sealed')
    await place.store.move(collected.receipt, 'incoming', 'sealed')
    await place.store.move(collected.receipt, 'sealed', 'collected')
    await place.store.move(parked.receipt, 'incoming', 'quarantine')
    await place.reopen()
    expect(await reconcile(place)).toBe(4)
    expect(await reconcile(place)).toBe(0)
    const lines = (await place.lines()).map((line) => `${line.event} ${line.receipt} ${line.bytes}`)
    const bytes = known.bytes.length
    expect(lines.sort()).toEqual(
      [
        `collected ${collected.receipt} ${bytes}`,
        `quarantined ${parked.receipt} ${bytes}`,
        ...[collected, known, stored].map(({ receipt }) => `stored ${receipt} ${bytes}`),
      ].sort(),
    )
    expect(place.ledger.isBehind()).toBe(false)
  })

  it('compares again if a line failed for an envelope that came while it compared', async () => {
    const late = makeEnvelope()
    await putBlob(place.store, 'incoming', late)
    const between = async (): Promise<void> => {
      // The vault has been listed. The next write to the ledger fails once.
      const probe = await open(place.ledgerPath)
      const spy = vi
        .spyOn(Object.getPrototypeOf(probe) as FileHandle, 'datasync')
        .mockRejectedValueOnce(Object.assign(new Error('the disk'), { code: 'EIO' }))
      await probe.close()
      await expect(place.handler.store(late.receipt)).rejects.toMatchObject({ code: 'IO_FAILED' })
      spy.mockRestore()
    }
    await reconcile({ ...place, between })
    expect(place.ledger.isBehind()).toBe(true)
    expect(await reconcile(place)).toBe(1)
    expect(place.ledger.isBehind()).toBe(false)
  })

  it('writes a new ledger when the old one was lost', async () => {
    const envelopes = [makeEnvelope(), makeEnvelope()]
    for (const envelope of envelopes) {
      await putBlob(place.store, 'incoming', envelope)
      await place.handler.store(envelope.receipt)
    }
    await writeFile(place.ledgerPath, '')
    await place.reopen()
    expect(await reconcile(place)).toBe(2)
  })
})
