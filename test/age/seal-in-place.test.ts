import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PlaceThreads } from '../../src/age/place-threads.ts'
import { startPlaceThreads } from '../../src/age/place-threads.ts'
import { chunksOf, sealHeld, sealNext, shareWork } from '../../src/age/place-work.ts'
import type { PlaintextPart } from '../../src/age/plaintext-parts.ts'
import { sealInPlace } from '../../src/age/seal-in-place.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import type { ChunkCipher, FileRange } from '../../src/age/stream.ts'
import {
  chunkBytes,
  chunksPerBatch,
  inlineEngine,
  newSlot,
  sealPayload,
} from '../../src/age/stream.ts'
import { gather, pieces } from './pieces.ts'

const primitives = await loadSodiumPrimitives()
const batch = chunkBytes * chunksPerBatch
const outputAt = 77
const content = randomBytes(7 * batch + 12_345)
const digestOfContent = Buffer.from(primitives.sha256(content)).toString('hex')

let folder = ''
const handles: FileHandle[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-place-'))
  await writeFile(join(folder, 'content'), content)
})
afterEach(async () => {
  for (const handle of handles.splice(0)) await handle.close()
})
let threads: PlaceThreads
beforeAll(() => void (threads = startPlaceThreads()))
afterAll(async () => {
  await threads.close()
  await rm(folder, { recursive: true })
})

async function opened(name: string, flags: string): Promise<FileHandle> {
  const handle = await open(join(folder, name), flags)
  handles.push(handle)
  return handle
}

/** A beginning of `beginBytes`, `fileBytes` of the file, and zeros. */
async function sample(beginBytes: number, fileBytes: number, zeros: number) {
  const range = { fd: (await opened('content', 'r')).fd, position: 0, length: fileBytes }
  const parts: PlaintextPart[] = [new Uint8Array(beginBytes), range, { zeros }]
  const begin = new Uint8Array(beginBytes).fill(9)
  const plaintext = Buffer.concat([begin, content.subarray(0, fileBytes), Buffer.alloc(zeros)])
  return { range, parts, begin, plaintext }
}

const shapes = [
  [1000, content.length, 5000],
  [chunkBytes - 1, content.length, 0],
  [chunkBytes, content.length, 1],
  [chunkBytes + 1, batch, chunkBytes - 1],
  [batch + 5, 3 * batch, 2 * batch],
  [64 * chunkBytes, batch, 0],
  [10, 20, 0],
] as const

describe.each(shapes)('a payload of %d bytes at first, %d of a file and %d zeros', (...shape) => {
  it('seals each chunk exactly once, whatever thread takes it', async () => {
    const { parts, plaintext } = await sample(...shape)
    const nonces: string[] = []
    const spy: ChunkCipher = {
      ...primitives,
      chacha20Poly1305Seal(key, nonce, ...rest) {
        nonces.push(Buffer.from(nonce).toString('hex'))
        return primitives.chacha20Poly1305Seal(key, nonce, ...rest)
      },
    }
    const output = await opened('nonces', 'w')
    const key = randomBytes(32)
    const payload = {
      key,
      parts,
      outputAt,
      outputFd: output.fd,
      plaintextBytes: plaintext.length,
    }
    const end = chunksOf(plaintext.length)
    const held = Math.min(end, chunksOf(shape[0]))
    const work = shareWork(payload, held)
    // Plays three threads, each of which stops at its first call without work.
    for (let idle = 0; idle < 3; ) if (!sealNext(spy, newSlot(), work)) idle += 1
    expect(nonces).toHaveLength(end - held)
    sealHeld(spy, payload, held)
    expect(new Set(nonces).size).toBe(nonces.length)
    const expected = Array.from(
      { length: end },
      (_, chunk) => `${chunk.toString(16).padStart(22, '0')}${chunk === end - 1 ? '01' : '00'}`,
    )
    expect(nonces.toSorted()).toEqual(expected)
  })

  it('gives the same bytes as sealing in order', async () => {
    const { parts, range, begin, plaintext } = await sample(...shape)
    const output = await opened('output', 'w')
    const key = randomBytes(32)
    let bytes = 0
    await sealInPlace({
      threads,
      key: Uint8Array.from(key),
      parts,
      outputAt,
      outputFd: output.fd,
      digests: threads.digest([range]),
      begin: async (digests) => {
        expect(digests).toHaveLength(1)
        if (shape[1] === content.length) expect(digests).toEqual([digestOfContent])
        return begin
      },
      onBytes: (count) => (bytes += count),
    })
    const sealed = (await readFile(join(folder, 'output'))).subarray(outputAt)
    const inOrder = sealPayload(key, pieces(plaintext, 100_000), inlineEngine(primitives))
    expect(sealed.equals(await gather(inOrder))).toBe(true)
    expect(bytes).toBeLessThanOrEqual(plaintext.length + batch)
  })
})

describe('sealInPlace', () => {
  type Options = Parameters<typeof sealInPlace>[0]

  /** Threads of its own, because a failure closes them. */
  const start = async (change: (options: Options) => Partial<Options>) => {
    const { parts, range, begin } = await sample(1000, content.length, 0)
    const own = startPlaceThreads()
    const options: Options = {
      threads: own,
      key: randomBytes(32),
      parts,
      outputAt,
      outputFd: (await opened('failed', 'w')).fd,
      digests: own.digest([range]),
      begin: async () => begin,
      onBytes: () => undefined,
    }
    try {
      await sealInPlace({ ...options, ...change(options) })
    } finally {
      await own.close()
    }
  }

  it('throws SOURCE_CHANGED if a file is shorter than announced', async () => {
    const broken = start(({ parts: [first, file] }) => ({
      parts: [first as Uint8Array, { ...(file as FileRange), length: content.length + 1 }],
    }))
    await expect(broken).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  it('throws SOURCE_CHANGED if a file is too short for its digest', async () => {
    const { range } = await sample(1000, content.length, 0)
    const broken = start((options) => ({
      digests: options.threads.digest([{ ...range, length: content.length + 1 }]),
    }))
    await expect(broken).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  it('throws the error of a full disk', async () => {
    const full = await open('/dev/full', 'w')
    handles.push(full)
    const broken = start(() => ({ outputFd: full.fd }))
    await expect(broken).rejects.toMatchObject({ code: 'ENOSPC' })
  })

  it('writes nothing more once it has reported the failure of a thread', async () => {
    let [closed, batches] = [false, 0]
    const broken = start(() => ({
      threads: {
        ...threads,
        seal: async () => {
          throw new Error('a thread failed')
        },
        close: async () => void (closed = true),
      },
      onBytes: () => void (batches += 1),
    }))
    await expect(broken).rejects.toThrow('a thread failed')
    const written = batches
    expect(written).toBeLessThan(3)
    for (let turn = 0; turn < 20; turn += 1) await setImmediate()
    expect({ closed, batches }).toEqual({ closed: true, batches: written })
  })

  it('refuses a beginning of another length, which would move all sealed chunks', async () => {
    const other = start(() => ({ begin: async () => new Uint8Array(999) }))
    await expect(other).rejects.toThrow(RangeError)
  })
})

describe('startPlaceThreads', () => {
  it.each([1, 2, 3, 8])('seals and takes digests on %d cores', async (cores) => {
    const { range, parts } = await sample(1000, content.length, 0)
    const own = startPlaceThreads(cores)
    try {
      const output = await opened('cores', 'w+')
      const payload = {
        key: randomBytes(32),
        parts,
        outputAt: 0,
        outputFd: output.fd,
        plaintextBytes: 1000 + content.length,
      }
      const [digests] = await Promise.all([own.digest([range]), own.seal(shareWork(payload, 1))])
      expect(digests).toEqual([digestOfContent])
      const { size } = await output.stat()
      expect(size).toBe(payload.plaintextBytes + 16 * chunksOf(payload.plaintextBytes))
    } finally {
      await own.close()
    }
  })
})
