import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PlacedPayload } from '../../src/age/place-work.ts'
import { chunksOf, counters, sealHeld, sealShare } from '../../src/age/place-work.ts'
import type { PlaintextPart } from '../../src/age/plaintext-parts.ts'
import { sealInPlace } from '../../src/age/seal-in-place.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import type { ChunkCipher } from '../../src/age/stream.ts'
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
afterAll(() => rm(folder, { recursive: true }))

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
    const payload: PlacedPayload = {
      key,
      parts,
      outputAt,
      outputFd: output.fd,
      plaintextBytes: plaintext.length,
    }
    const end = chunksOf(plaintext.length)
    const held = Math.min(end, chunksOf(shape[0]))
    const shared = new Int32Array(counters.length)
    shared[counters.nextChunk] = held
    for (let thread = 0; thread < 3; thread++) sealShare(spy, newSlot(), payload, end, shared)
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
      key: Uint8Array.from(key),
      parts,
      outputAt,
      outputFd: output.fd,
      files: [range],
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
  const start = async (changes: Partial<Parameters<typeof sealInPlace>[0]>) => {
    const { parts, range, begin } = await sample(1000, content.length, 0)
    await sealInPlace({
      key: randomBytes(32),
      parts,
      outputAt,
      outputFd: (await opened('failed', 'w')).fd,
      files: [range],
      begin: async () => begin,
      onBytes: () => undefined,
      ...changes,
    })
  }

  it('throws SOURCE_CHANGED if a file is shorter than announced', async () => {
    const { parts, range } = await sample(1000, content.length, 0)
    const longer = { ...range, length: content.length + 1 }
    const broken = start({ parts: [parts[0] as Uint8Array, longer], files: [longer] })
    await expect(broken).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  it('throws the error of a full disk', async () => {
    const full = await open('/dev/full', 'w')
    handles.push(full)
    await expect(start({ outputFd: full.fd })).rejects.toMatchObject({ code: 'ENOSPC' })
  })

  it('refuses a beginning of another length, which would move all that is sealed', async () => {
    const other = start({ begin: async () => new Uint8Array(999) })
    await expect(other).rejects.toThrow(RangeError)
  })
})
