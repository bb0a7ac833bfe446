import { describe, expect, it } from 'vitest'
import { noblePrimitives } from '../../../src/age/noble.ts'
import {
  chunkBytes,
  inlineEngine,
  newSlot,
  openPayload,
  sealBatch,
  sealPayload,
} from '../../../src/age/stream.ts'
import type { ChunkTask, FromChunkWorker } from '../../../src/page/sealing/chunk-protocol.ts'
import type { PageEngine } from '../../../src/page/sealing/chunk-engine.ts'
import type { ChunkThread } from '../../../src/page/sealing/chunk-threads.ts'
import { engineInThisThread, startChunkEngine } from '../../../src/page/sealing/chunk-engine.ts'
import { serveChunks } from '../../../src/page/sealing/serve-chunks.ts'
import { gather, pieces } from '../../age/pieces.ts'
import { seeded } from './seeded-bytes.ts'
import { spawnChunkThread } from './site.ts'

/** noble in this thread; the workers use the unrolled cipher. */
const cipher = noblePrimitives
const key = seeded(32, 9)
const plaintext = seeded(chunkBytes * 41 + 17, 3)

const sealWith = (engine: PageEngine) =>
  gather(sealPayload(key, pieces(plaintext, 100_000), engine))

/** A thread that does only what `act` does. */
function thread(act: (thread: ChunkThread & EventTarget, task?: ChunkTask) => void): ChunkThread {
  const target = Object.assign(new EventTarget(), {
    terminate() {},
    postMessage: (task: ChunkTask) => act(target, task),
  }) as unknown as ChunkThread & EventTarget
  queueMicrotask(() => act(target))
  return target
}

const say = (target: EventTarget, data: FromChunkWorker) =>
  void target.dispatchEvent(Object.assign(new Event('message'), { data }))

describe('the engine on two workers', () => {
  it('produces the same bytes as the engine in this thread', async () => {
    const threaded = await startChunkEngine(spawnChunkThread, cipher)
    expect(threaded.inFlight).toBe(4)
    const sealed = await sealWith(threaded)
    expect(sealed.equals(await sealWith(engineInThisThread(cipher)))).toBe(true)
    const opened = await gather(
      openPayload(key, pieces(sealed, 99_999), inlineEngine(noblePrimitives)),
    )
    expect(opened.equals(plaintext)).toBe(true)
  })

  it('seals again after an abandoned run, and another payload after that', async () => {
    const threaded = await startChunkEngine(spawnChunkThread, cipher)
    for await (const _bytes of sealPayload(key, pieces(plaintext, 100_000), threaded)) break
    expect((await sealWith(threaded)).length).toBe((await sealWith(threaded)).length)
  })

  it('uses both workers in turn', async () => {
    const spawned: number[] = []
    let count = 0
    await sealWith(
      await startChunkEngine(() => {
        const [inner, number] = [spawnChunkThread(), count++]
        return Object.assign(Object.create(inner) as object, {
          postMessage: (task: ChunkTask, transfer: ArrayBuffer[]) => (
            spawned.push(number), inner.postMessage(task, transfer)
          ),
          addEventListener: inner.addEventListener.bind(inner),
          terminate() {},
        }) as ChunkThread
      }, cipher),
    )
    expect(spawned).toEqual([0, 1, 0, 1, 0, 1])
  })

  it('keeps no plaintext after wipe', async () => {
    for (const engine of [
      await startChunkEngine(spawnChunkThread, cipher),
      engineInThisThread(cipher),
    ]) {
      await sealWith(engine)
      engine.wipe()
      const slots = Array.from({ length: engine.inFlight + 1 }, () => engine.takeSlot())
      expect(slots.every(({ input }) => input.every((byte) => byte === 0))).toBe(true)
    }
  })

  it('rejects with PROVIDER_UNAVAILABLE when a worker dies', async () => {
    const spawn = () =>
      thread((target, task) => {
        if (task) target.dispatchEvent(new Event('error'))
        else say(target, 'ready')
      })
    const dying = await startChunkEngine(spawn, cipher)
    await expect(sealWith(dying)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    await expect(sealWith(dying)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    dying.wipe()
  })
})

describe('startChunkEngine', () => {
  it.each<[string, () => ChunkThread]>([
    [
      'cannot be made',
      () => {
        throw new TypeError('refused')
      },
    ],
    [
      'die before they are ready',
      () => thread((target) => void target.dispatchEvent(new Event('error'))),
    ],
  ])('seals in this thread when workers %s', async (_what, spawn) => {
    const engine = await startChunkEngine(spawn, cipher)
    expect(engine.inFlight).toBe(1)
    expect((await sealWith(engine)).equals(await sealWith(engineInThisThread(cipher)))).toBe(true)
  })
})

describe('serveChunks', () => {
  it('seals with noble where the fast cipher gives wrong answers', async () => {
    const sent: FromChunkWorker[] = []
    let seal = (_event: { data: ChunkTask }): void => undefined
    await serveChunks(
      {
        postMessage: (message) => void sent.push(message),
        addEventListener: (_type, listener) => void (seal = listener),
      },
      null,
    )
    expect(sent).toEqual(['ready'])
    const slot = newSlot()
    const batch = { key: Uint8Array.from(key), firstChunk: 0, isLast: true, length: 100, reads: [] }
    seal({ data: { slotNumber: 0, slot, batch } })
    expect(sent[1]).toMatchObject({ result: { length: 116, isWhole: true } })
    expect(batch.key.every((byte) => byte === 0)).toBe(true)
    const expected = newSlot()
    sealBatch(noblePrimitives, expected, { ...batch, key })
    expect(slot.output.subarray(0, 116)).toEqual(expected.output.subarray(0, 116))
  })
})
