import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChunkPool } from '../../src/age/chunk-pool.ts'
import { AgeError } from '../../src/age/errors.ts'
import { openFile, sealedFileBytes, sealFile, sealHeader, unwrapWith } from '../../src/age/file.ts'
import { generateIdentity } from '../../src/age/keys.ts'
import { rangesOf, readRanges } from '../../src/age/read-file.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import type { Piece } from '../../src/age/stream.ts'
import { chunkBytes, chunksPerBatch, inlineEngine, maxBatchBytes } from '../../src/age/stream.ts'
import { gather, pieces } from './pieces.ts'

const primitives = await loadSodiumPrimitives()
const identity = generateIdentity(primitives, 'hybrid')
const pool = startChunkPool(3)
afterAll(() => pool.close())

const engines = [
  { name: 'this thread', engine: inlineEngine(primitives, readRanges) },
  { name: 'a pool of threads', engine: pool },
]
const batch = chunkBytes * chunksPerBatch
const sizes = [0, 1, chunkBytes, batch - 1, batch, batch + 1, 7 * batch + 12_345]

describe.each(engines)('sealFile and openFile in $name', ({ engine }) => {
  const tools = { primitives, engine }
  const unwrap = unwrapWith(primitives, [identity])

  it.each(sizes)('restores %d bytes, and announces the exact length', async (size) => {
    const plaintext = randomBytes(size)
    const sealed = await gather(sealFile(tools, [identity], pieces(plaintext, 300_001)))
    expect(sealed.length).toBe(sealedFileBytes(sealHeader(primitives, [identity]), size))
    const opened = await gather(openFile(tools, unwrap, pieces(sealed, 77_777)))
    expect(opened.equals(plaintext)).toBe(true)
  })

  it.each(['first', 'middle', 'last'])(
    'throws OPEN_FAILED after releasing all before a damaged %s batch',
    async (place) => {
      const plaintext = randomBytes(7 * batch)
      const sealed = await gather(sealFile(tools, [identity], pieces(plaintext, batch)))
      const at =
        sealed.length - { first: 6.5, middle: 3.5, last: 0.1 }[place as 'first'] * maxBatchBytes
      sealed[Math.floor(at)]! ^= 1
      const released: Uint8Array[] = []
      const open = async () => {
        for await (const bytes of openFile(tools, unwrap, pieces(sealed, 500_000)))
          released.push(bytes.slice())
      }
      await expect(open()).rejects.toMatchObject({ name: 'AgeError', code: 'OPEN_FAILED' })
      const got = Buffer.concat(released)
      expect(got.length).toBeLessThan(plaintext.length)
      expect(got.equals(plaintext.subarray(0, got.length))).toBe(true)
    },
  )

  it('can be used again after a reader stopped in the middle', async () => {
    const plaintext = randomBytes(5 * batch)
    const sealed = await gather(sealFile(tools, [identity], pieces(plaintext, batch)))
    for (let round = 0; round < 4; round++) {
      for await (const bytes of openFile(tools, unwrap, pieces(sealed, batch))) {
        expect(bytes.length).toBeGreaterThan(0)
        break
      }
    }
    expect((await gather(openFile(tools, unwrap, pieces(sealed, batch)))).equals(plaintext)).toBe(
      true,
    )
  })

  it('closes its source when the reader stops, and when there is nothing to open', async () => {
    let closed = 0
    async function* file(bytes: Uint8Array) {
      try {
        yield* pieces(bytes, 50)
      } finally {
        closed += 1
      }
    }
    const sealed = await gather(sealFile(tools, [identity], pieces(randomBytes(2 * batch), batch)))
    for await (const _bytes of openFile(tools, unwrap, file(sealed))) break
    expect(closed).toBe(1)
    for (const bytes of [
      new Uint8Array(1000),
      sealed.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
    ])
      await expect(gather(openFile(tools, unwrap, file(bytes)))).rejects.toThrow(AgeError)
    await expect(gather(openFile(tools, () => null, file(sealed)))).rejects.toMatchObject({
      code: 'NO_MATCH',
    })
    expect(closed).toBe(4)
  })

  it('passes on the error of its source', async () => {
    async function* broken() {
      yield new Uint8Array(3 * batch)
      throw new Error('the stick was pulled')
    }
    await expect(gather(sealFile(tools, [identity], broken()))).rejects.toThrow(
      'the stick was pulled',
    )
    const sealed = await gather(sealFile(tools, [identity], pieces(new Uint8Array(10), 10)))
    expect(sealed.length).toBeGreaterThan(10)
  })
})

describe.each(engines)('sealFile and openFile from files in $name', ({ engine }) => {
  const tools = { primitives, engine }
  const unwrap = unwrapWith(primitives, [identity])
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'tumen-ranges-'))))
  afterAll(() => rm(folder, { recursive: true }))

  async function withFile<Result>(
    bytes: Uint8Array,
    use: (file: FileHandle, path: string) => Promise<Result>,
  ): Promise<Result> {
    const path = join(folder, 'file')
    await writeFile(path, bytes)
    const file = await open(path)
    return await use(file, path).finally(() => file.close())
  }

  it.each(sizes)('restores %d bytes in the middle of a file', async (size) => {
    const middle = randomBytes(size)
    const [before, after] = [randomBytes(1234), randomBytes(77)]
    const sealed = await withFile(middle, (file) => {
      async function* mixed(): AsyncGenerator<Piece> {
        yield before
        yield { fd: file.fd, position: 0, length: size }
        yield after
      }
      return gather(sealFile(tools, [identity], mixed()))
    })
    const opened = await withFile(sealed, (file) => gather(openFile(tools, unwrap, rangesOf(file))))
    expect(opened.equals(Buffer.concat([before, middle, after]))).toBe(true)
  })

  it('throws SOURCE_CHANGED when a file is cut short meanwhile, and can be used again', async () => {
    const cut = withFile(new Uint8Array(5 * batch), async (file, path) => {
      async function* shrinking(): AsyncGenerator<Piece> {
        await truncate(path, 3 * batch)
        yield { fd: file.fd, position: 0, length: 5 * batch }
      }
      return gather(sealFile(tools, [identity], shrinking()))
    })
    await expect(cut).rejects.toMatchObject({ name: 'AgeError', code: 'SOURCE_CHANGED' })
    expect(
      (await gather(sealFile(tools, [identity], pieces(new Uint8Array(10), 10)))).length,
    ).toBeGreaterThan(10)
  })

  it('refuses a cut-off age file as it refuses bytes', async () => {
    const sealed = await gather(sealFile(tools, [identity], pieces(new Uint8Array(batch), batch)))
    for (const [length, code] of [
      [100, 'HEADER_INVALID'],
      [sealed.length - 1, 'OPEN_FAILED'],
    ] as const) {
      const open = withFile(sealed.subarray(0, length), (file) =>
        gather(openFile(tools, unwrap, rangesOf(file))),
      )
      await expect(open).rejects.toMatchObject({ code })
    }
  })
})

describe('inlineEngine without files', () => {
  it('throws PROVIDER_UNAVAILABLE for a file range', async () => {
    async function* range(): AsyncGenerator<Piece> {
      yield { fd: 0, position: 0, length: 1 }
    }
    const sealing = gather(
      sealFile({ primitives, engine: inlineEngine(primitives) }, [identity], range()),
    )
    await expect(sealing).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })
})

describe('sealHeader', () => {
  it('throws RECIPIENTS_MIXED for post-quantum and classic recipients together', () => {
    const mixed = [identity, generateIdentity(primitives, 'x25519')]
    expect(() => sealHeader(primitives, mixed)).toThrow(
      expect.objectContaining({ code: 'RECIPIENTS_MIXED' }) as AgeError,
    )
  })

  it('throws NO_STANZAS without a recipient', () => {
    expect(() => sealHeader(primitives, [])).toThrow(
      expect.objectContaining({ code: 'NO_STANZAS' }) as AgeError,
    )
  })
})
