import { expect, it } from 'vitest'
import { EnvelopeWalker } from '../../../src/age/walk.ts'
import { Circuits } from '../../../src/server/fairness/circuit.ts'
import { SpaceState } from '../../../src/server/space-state.ts'
import { openUploads } from '../../../src/server/uploads/uploads.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'

it('answers BEING_STORED while the store is slow, continues, and then gives the receipt once', async () => {
  const dir = await makeTempDir()
  const clock = { now: () => new Date() }
  const spool = await openFsStore({ dir, instance: 'test', reserveBytes: 0, clock })
  const gate = Promise.withResolvers<void>()
  let adopted = 0
  const announced: string[] = []
  const uploads = await openUploads({
    dir,
    clock,
    store: {
      space: spool.space,
      async adopt(...blob) {
        adopted += 1
        await gate.promise
        return await spool.adopt(...blob)
      },
    },
    queue: { announce: (receipt) => void announced.push(receipt) },
    counters: { countOldKeyring: () => {} },
    createWalker: () => new EnvelopeWalker(),
    space: new SpaceState({
      freeBytes: () => spool.space.freeBytes(),
      maxBytes: 1_000_000,
      stepMinutes: 15,
      clock,
    }),
    maxBytes: 1_000_000,
    maxUnfinished: 8,
    circuitUnfinished: 8,
    silentDays: 1,
    storingMs: 50,
  })
  const { bytes, receipt } = makeEnvelope(1000)
  const circuit = new Circuits().of({} as never)
  const id = 'a'.repeat(32)
  const upload = await uploads.create(id, {
    bytes: bytes.length,
    isOldKeyring: false,
    circuit,
    entry: 'calm',
  })
  async function* once() {
    yield bytes
  }
  await expect(uploads.receive(upload, once(), circuit)).rejects.toMatchObject({
    code: 'BEING_STORED',
  })
  await expect(uploads.require(id)).rejects.toMatchObject({ code: 'BEING_STORED' })
  gate.resolve()
  await expect.poll(() => announced).toEqual([receipt])
  expect((await uploads.require(id)).receipt).toBe(receipt)
  expect(adopted).toBe(1)
})
