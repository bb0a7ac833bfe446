import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseHeader } from '../../src/age/header.ts'
import { generateIdentity } from '../../src/age/keys.ts'
import { unwrapFileKey } from '../../src/age/recipient-stanzas.ts'
import { EnvelopeWalker } from '../../src/age/walk.ts'
import { canaryPlaintext, canaryTip } from '../../src/canary/canary-tip.ts'
import type { CanaryNote } from '../../src/canary/note.ts'
import { formatNote, maxNoteBytes, parseNote } from '../../src/canary/note.ts'
import { CanaryNotes } from '../../src/canary/notes.ts'
import type { CanaryProof } from '../../src/canary/proof.ts'
import { createCanaryProof } from '../../src/canary/proof.ts'
import { sealCanary } from '../../src/ops/canary/seal-canary.ts'
import { createCanaryRemoval } from '../../workers/canaries.ts'
import { reconcile } from '../../workers/reconcile.ts'
import { createStoreHandler } from '../../workers/store.ts'
import { primitives } from '../support/ceremony.ts'
import { plainTip, sealByHand, sealWhole } from '../support/sealed.ts'
import { asEnvelope, listReceipts, makeEnvelope, putBlob } from '../workers/envelopes.ts'
import { openWorkplace, type Workplace } from '../workers/workplace.ts'

const day = '2026-11-23'
const identity = generateIdentity(primitives, 'hybrid')
const makeCanary = (recipients = 1) => sealCanary({ primitives, identity, recipients, day })

let place: Workplace
let notes: CanaryNotes
let proof: CanaryProof
let remove: () => Promise<void>

beforeEach(async () => {
  place = await openWorkplace()
  notes = new CanaryNotes(place.dir)
  await notes.create()
  proof = createCanaryProof({ primitives, store: place.store, notes })
  remove = createCanaryRemoval({ ...place, ledger: place.ledger, notes, proof, silentDays: 1 })
})
afterEach(() => place.dispose())

/** Stores the envelope as a worker that recognises canaries does. */
async function storeIt(receipt: string): Promise<void> {
  const handler = createStoreHandler({
    ...place,
    createWalker: () => new EnvelopeWalker(),
    onQuarantine: () => {},
    canaries: proof,
  })
  expect(await handler.store(receipt)).toBe('stored')
}

async function noteDone(receipt: string, note: CanaryNote): Promise<void> {
  await notes.write(receipt, note)
  await notes.finish(receipt)
}

const vault = () => listReceipts(place.store, 'sealed')

describe('a sealed canary', () => {
  it.each([1, 2, 5, 16])(
    'for %d people looks like a tip: same length, same stanzas',
    async (recipients) => {
      const staff = Array.from({ length: recipients }, () => generateIdentity(primitives, 'hybrid'))
      const tip = await sealWhole(primitives, staff)
      const canary = await makeCanary(recipients)
      expect(canary.bytes.length).toBe(tip.length)
      const shapeOf = (bytes: Uint8Array) =>
        parseHeader(bytes).stanzas.map(({ args, body }) => [
          args.map((arg) => arg.length),
          body.length,
        ])
      expect(shapeOf(canary.bytes)).toEqual(shapeOf(tip))
    },
  )

  it("has the canary's stanza at any position among the others", async () => {
    const places = new Set<number>()
    for (let tries = 0; tries < 200 && places.size < 3; tries += 1) {
      const { stanzas } = parseHeader((await makeCanary(3)).bytes)
      places.add(
        stanzas.findIndex((stanza) => unwrapFileKey(primitives, identity, [stanza]) !== null),
      )
    }
    expect([...places].sort()).toEqual([0, 1, 2])
  })
})

describe('the worker', () => {
  it('stores a canary without a ledger line, keeps it until ops has seen it, and then removes it', async () => {
    const { bytes, receipt, note } = await makeCanary()
    await notes.write(receipt, note)
    await putBlob(place.store, 'incoming', asEnvelope(Buffer.from(bytes)))
    await storeIt(receipt)
    await remove()
    expect(await vault()).toEqual([receipt])
    await notes.finish(receipt)
    await remove()
    expect(await vault()).toEqual([])
    // The note is kept for one more round, because a link to the file under another name may still
    // appear.
    expect(await notes.list()).toHaveLength(1)
    await remove()
    expect(await notes.list()).toEqual([])
    expect(await place.lines()).toEqual([])
  })

  it('writes no ledger line for a canary that a crash left in the vault, and one for every tip', async () => {
    const { bytes, receipt, note } = await makeCanary()
    await notes.write(receipt, note)
    const tip = makeEnvelope()
    for (const envelope of [asEnvelope(Buffer.from(bytes)), tip])
      await putBlob(place.store, 'sealed', envelope)
    expect(await reconcile({ ...place, ledger: place.ledger, canaries: proof })).toBe(1)
    expect(await place.lines()).toMatchObject([{ event: 'stored', receipt: tip.receipt }])
  })

  it('removes a canary that reappears under its other name', async () => {
    const { bytes, receipt, note } = await makeCanary()
    await noteDone(receipt, note)
    await putBlob(place.store, 'sealed', asEnvelope(Buffer.from(bytes)))
    await remove()
    await putBlob(place.store, 'incoming', asEnvelope(Buffer.from(bytes)))
    await remove()
    await storeIt(receipt)
    await remove()
    await remove()
    expect([await vault(), await notes.list(), await place.lines()]).toEqual([[], [], []])
  })

  it.each([
    ['2026-11-27', 1],
    ['2026-11-28', 0],
  ])('on %s has %d notes left of one that never came', async (today, left) => {
    const { receipt, note } = await makeCanary()
    await noteDone(receipt, note)
    place.clock.set(today)
    await remove()
    expect(await notes.list()).toHaveLength(left)
  })
})

describe('the removal of a tip', () => {
  /**
   * Whether a tip in the vault is removed after someone has written a note about it, as an attacker
   * who controls ops could.
   */
  async function removesWith(
    envelope: { bytes: Buffer; receipt: string },
    note: CanaryNote,
  ): Promise<boolean> {
    await putBlob(place.store, 'sealed', envelope)
    await noteDone(envelope.receipt, note)
    await remove()
    return !(await vault()).includes(envelope.receipt)
  }

  it('does not happen with the key of a canary', async () => {
    const tip = asEnvelope(await sealWhole(primitives, [generateIdentity(primitives, 'hybrid')]))
    expect(await removesWith(tip, (await makeCanary()).note)).toBe(false)
  })

  it('does not happen even with the key of the tip itself', async () => {
    const bytes = await sealWhole(primitives, [identity])
    const fileKey = unwrapFileKey(primitives, identity, parseHeader(bytes).stanzas)
    if (fileKey === null) throw new Error('no key')
    expect(await removesWith(asEnvelope(bytes), { fileKey, token: 'ab'.repeat(16), day })).toBe(
      false,
    )
  })

  it('does not happen when a tip has the text of a canary, or more', async () => {
    const { note } = await makeCanary()
    for (const tip of [canaryTip(note.token), { ...canaryTip(note.token), lang: 'ko' }]) {
      const bytes = await sealWhole(primitives, [identity], tip as typeof plainTip)
      expect(await removesWith(asEnvelope(bytes), note)).toBe(false)
    }
  })

  it('does not happen when the canary is followed by more bytes, or is truncated', async () => {
    const plaintext = await canaryPlaintext('cd'.repeat(16))
    for (const content of [
      Buffer.concat([plaintext, Buffer.alloc(512)]),
      plaintext.subarray(0, -1),
      plaintext.subarray(0, 0),
    ]) {
      const bytes = await sealByHand(primitives, [identity], content)
      const fileKey = unwrapFileKey(primitives, identity, parseHeader(bytes).stanzas)
      if (fileKey === null) throw new Error('no key')
      expect(await removesWith(asEnvelope(bytes), { fileKey, token: 'cd'.repeat(16), day })).toBe(
        false,
      )
    }
  })

  it('does not happen to an envelope in the ledger, whether or not it is a canary', async () => {
    const { bytes, receipt, note } = await makeCanary()
    await place.ledger.append('stored', receipt, bytes.length)
    expect(await removesWith(asEnvelope(Buffer.from(bytes)), note)).toBe(false)
  })

  it('does not happen in the spool, in collected or in quarantine', async () => {
    const { bytes, receipt, note } = await makeCanary()
    await noteDone(receipt, note)
    for (const prefix of ['incoming', 'collected', 'quarantine'] as const) {
      await putBlob(place.store, prefix, asEnvelope(Buffer.from(bytes)))
      await remove()
      expect(await listReceipts(place.store, prefix)).toEqual([receipt])
      await place.store.remove(prefix, receipt)
    }
  })

  it('does not happen for any combination of note and envelope', async () => {
    const tips = await Promise.all([1, 2, 3].map(() => sealWhole(primitives, [identity])))
    const canaries = await Promise.all([1, 2, 3].map(() => makeCanary()))
    const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    const key = fc.oneof(bytesOf(16), fc.constantFrom(...canaries.map(({ note }) => note.fileKey)))
    const token = fc.oneof(
      bytesOf(16).map((bytes) => Buffer.from(bytes).toString('hex')),
      fc.constantFrom(...canaries.map(({ note }) => note.token)),
    )
    const damaged = fc
      .tuple(
        fc.constantFrom(...canaries.map(({ bytes }) => bytes)),
        fc.nat(60_000),
        fc.integer({ min: 1, max: 255 }),
      )
      .map(([bytes, at, flip]) => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ flip, at, at + 1))
    const envelope = fc.oneof(
      fc.constantFrom(...tips),
      damaged,
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    const content = fc.oneof(
      fc.record({ fileKey: key, token, day: fc.constant(day) }).map(formatNote),
      fc.uint8Array({ maxLength: 600 }),
    )
    await fc.assert(
      fc.asyncProperty(envelope, content, async (bytes, noteBytes) => {
        const { receipt } = asEnvelope(bytes)
        await putBlob(place.store, 'sealed', { bytes, receipt })
        await writeFile(join(place.dir, 'canary', `${receipt}.done`), noteBytes)
        await remove()
        expect(await vault()).toEqual([receipt])
        await place.store.remove('sealed', receipt)
        await notes.forget(receipt)
      }),
      { numRuns: 150 },
    )
  })

  it('does not happen when the note is a folder, a link or empty', async () => {
    const { receipt } = makeEnvelope()
    await mkdir(join(place.dir, 'canary', `${receipt}.done`))
    expect(await proof.isCanary('sealed', receipt)).toBe(false)
  })
})

describe('a note', () => {
  it('is read back as written; anything else is null', () => {
    const note = { fileKey: new Uint8Array(16).fill(7), token: '0f'.repeat(16), day }
    expect(parseNote(formatNote(note))).toEqual(note)
    expect(formatNote(note).length).toBeLessThan(maxNoteBytes)
    for (const text of ['', 'null', '[]', '{}', '{"file_key":1}'])
      expect(parseNote(Buffer.from(text))).toBeNull()
    expect(parseNote(new Uint8Array(maxNoteBytes + 1))).toBeNull()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        parseNote(bytes)
      }),
    )
  })

  it('is removed at the next start if it was half written', async () => {
    await writeFile(join(place.dir, 'canary', `.${'a'.repeat(64)}.sent.123456.tmp`), '{')
    await notes.create()
    expect(await readdir(join(place.dir, 'canary'))).toEqual([])
  })
})
