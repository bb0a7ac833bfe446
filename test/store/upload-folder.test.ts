import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { appendFile, link, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type FsBlobStore, openFsStore } from '../../src/store/fs-store.ts'
import type { Statfs } from '../../src/store/space.ts'
import type { StoredUpload } from '../../src/store/stored-upload.ts'
import { isUploadId, openUploadFolder, type UploadFolder } from '../../src/store/upload-folder.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { eventually } from '../support/eventually.ts'

const ID = '0123456789abcdef0123456789abcdef'
const DAY = new Date('2026-11-23T00:00:00Z')
const BYTES = randomBytes(1_300_000)
const RECEIPT = createHash('sha256').update(BYTES).digest('hex')

let now = DAY
let freeBytes = 1_000_000_000
const clock = { now: () => now }
const statfs: Statfs = () => ({ blocks: 1_000_000_000, bavail: freeBytes, bsize: 1 })

let dir: string
let store: FsBlobStore
let folder: UploadFolder

async function open(bootId = 'this run'): Promise<void> {
  store = await openFsStore({ dir, instance: 'test', reserveBytes: 0, clock, statfs })
  folder = await openUploadFolder({ dir, store, clock, bootId })
}

beforeEach(async () => {
  now = new Date('2026-11-23T17:45:12.345Z')
  freeBytes = 1_000_000_000
  dir = await makeTempDir()
  await open()
})

const at = (...parts: string[]): string => join(dir, ...parts)
const part = (): string => at('uploads', `${ID}.part`)
const record = (): string => at('uploads', `${ID}.upload`)
const names = (): string[] =>
  readdirSync(at('uploads'))
    .filter((name) => name !== 'boot')
    .sort()
const openFiles = (): number => readdirSync('/proc/self/fd').length

async function begin(bytes = BYTES.length): Promise<StoredUpload> {
  const upload = folder.announce(ID, { bytes, isOldKeyring: true })
  await upload.create()
  return upload
}

async function add(upload: StoredUpload, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; from += 60_000)
    await upload.append(bytes.subarray(from, from + 60_000))
  await upload.rest()
}

async function reload(): Promise<StoredUpload> {
  const upload = await folder.load(ID)
  if (upload === null) throw new Error('the upload is gone')
  return upload
}

const contentOf = async (upload: StoredUpload): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(upload.read()))

describe('an upload', () => {
  it.each([0, 1, 524_287, 524_288, 1_299_999, 1_300_000])(
    'survives a restart after %i bytes',
    async (length) => {
      await add(await begin(), BYTES.subarray(0, length))
      await open()
      const upload = await reload()
      expect(upload).toMatchObject({
        bytes: BYTES.length,
        writtenBytes: length,
        isOldKeyring: true,
        receipt: null,
        day: DAY,
      })
      expect(Buffer.compare(await contentOf(upload), BYTES.subarray(0, length))).toBe(0)
    },
  )

  it('is assembled from many requests, over restarts', async () => {
    await begin()
    for (let from = 0, step = 1; from < BYTES.length; from += step, step = (step * 13) % 200_003) {
      if (step % 2 === 1) await open()
      await add(await reload(), BYTES.subarray(from, from + step))
    }
    const upload = await reload()
    await upload.finish(RECEIPT)
    expect(Buffer.compare(readFileSync(at('incoming', `${RECEIPT}.age`)), BYTES)).toBe(0)
  })

  it('is readable only by our own user, and reveals no time finer than the day', async () => {
    const upload = await begin()
    await add(upload, BYTES)
    for (const path of [part(), record(), at('uploads', 'boot')]) {
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(statSync(path).mtime).toEqual(DAY)
    }
    expect(statSync(at('uploads')).mode & 0o777).toBe(0o700)
    expect(statSync(at('uploads')).mtime).toEqual(DAY)
    await upload.finish(RECEIPT)
    expect(statSync(at('uploads')).mtime).toEqual(DAY)
    await open()
    await reload()
    await folder.list()
    for (const path of [record(), at('uploads')])
      expect(statSync(path)).toMatchObject({ mtime: DAY, atime: DAY })
    expect(statSync(at('incoming', `${RECEIPT}.age`)).mtime).toEqual(DAY)
  })

  it('shows only the day, even while a request is still running', async () => {
    const upload = await begin()
    for (let from = 0; from < BYTES.length; from += 100_000)
      await upload.append(BYTES.subarray(from, from + 100_000))
    await eventually(() => expect(statSync(part())).toMatchObject({ mtime: DAY }), { interval: 5 })
    expect(statSync(part()).size).toBeGreaterThan(500_000)
    await upload.rest()
  })

  it('moves to the day of its last byte', async () => {
    const upload = await begin()
    await add(upload, BYTES.subarray(0, 10))
    now = new Date('2026-11-24T00:00:01Z')
    await add(upload, BYTES.subarray(10, 20))
    expect(upload.day).toEqual(new Date('2026-11-24T00:00:00Z'))
    await open()
    expect((await reload()).day).toEqual(new Date('2026-11-24T00:00:00Z'))
  })

  it('holds no file open between requests', async () => {
    const before = openFiles()
    const upload = await begin()
    await add(upload, BYTES.subarray(0, 800_000))
    expect(openFiles()).toBe(before)
    await upload.finish('a'.repeat(64)).catch(() => {})
    expect(openFiles()).toBe(before)
  })

  it('leaves nothing when it is removed in the middle of a request', async () => {
    const before = openFiles()
    const upload = await begin()
    await upload.append(BYTES.subarray(0, 600_000))
    await upload.append(BYTES.subarray(600_000))
    await upload.remove()
    expect(names()).toEqual([])
    expect(openFiles()).toBe(before)
    expect(await folder.load(ID)).toBeNull()
  })
})

describe('finish', () => {
  it('makes the blob, keeps the receipt and removes the bytes', async () => {
    const upload = await begin()
    await add(upload, BYTES)
    await upload.finish(RECEIPT)
    expect(names()).toEqual([`${ID}.upload`])
    await open()
    expect(await reload()).toMatchObject({
      receipt: RECEIPT,
      bytes: BYTES.length,
      writtenBytes: BYTES.length,
      isOldKeyring: false,
    })
    await (await reload()).remove()
    expect(names()).toEqual([])
    expect(statSync(at('incoming', `${RECEIPT}.age`)).size).toBe(BYTES.length)
  })

  it('refuses an upload that is not whole', async () => {
    const upload = await begin()
    await add(upload, BYTES.subarray(1))
    await expect(upload.finish(RECEIPT)).rejects.toMatchObject({ code: 'IO_FAILED' })
    expect(readdirSync(at('incoming'))).toEqual([])
  })

  it('can be done again when the process died after the blob and before the record', async () => {
    const upload = await begin()
    await add(upload, BYTES)
    const recordBefore = readFileSync(record())
    await link(part(), at('kept'))
    await upload.finish(RECEIPT)
    await rename(at('kept'), part())
    await writeFile(record(), recordBefore)
    await open('another run')
    const again = await reload()
    expect(again.receipt).toBeNull()
    await again.finish(RECEIPT)
    expect(names()).toEqual([`${ID}.upload`])
    expect(Buffer.compare(readFileSync(at('incoming', `${RECEIPT}.age`)), BYTES)).toBe(0)
  })

  it('keeps the blob unchanged if the bytes still exist besides the receipt', async () => {
    const upload = await begin()
    await add(upload, BYTES)
    await link(part(), at('kept'))
    await upload.finish(RECEIPT)
    await rename(at('kept'), part())
    await open('another run')
    expect(names()).toEqual([`${ID}.upload`])
    expect(Buffer.compare(readFileSync(at('incoming', `${RECEIPT}.age`)), BYTES)).toBe(0)
  })

  it('makes one blob of two uploads with the same bytes, and leaves one that has moved on where it is', async () => {
    const first = await begin()
    await add(first, BYTES)
    await first.finish(RECEIPT)
    await store.move(RECEIPT, 'incoming', 'sealed')
    await first.remove()
    const second = await begin()
    await add(second, BYTES)
    await second.finish(RECEIPT)
    expect(readdirSync(at('incoming'))).toEqual([])
    expect(readdirSync(at('sealed'))).toEqual([`${RECEIPT}.age`])
  })
})

describe('after a power cut', () => {
  it('keeps only what is certainly on the disk, if the file is longer', async () => {
    await add(await begin(), BYTES.subarray(0, 1000))
    await appendFile(part(), Buffer.alloc(5000))
    await open('another run')
    expect((await reload()).writtenBytes).toBe(1000)
    expect(statSync(part()).size).toBe(1000)
  })

  it('keeps what a killed process had written', async () => {
    await add(await begin(), BYTES.subarray(0, 1000))
    await appendFile(part(), BYTES.subarray(1000, 5000))
    await open('this run')
    expect(Buffer.compare(await contentOf(await reload()), BYTES.subarray(0, 5000))).toBe(0)
  })

  it('notes after 16 MiB of one request that they are durable', async () => {
    const piece = randomBytes(1024 * 1024)
    const upload = await begin(40 * piece.length)
    const durable = (): number => JSON.parse(readFileSync(record(), 'utf8')).durableBytes
    for (let count = 0; count < 15; count += 1) await upload.append(piece)
    expect(durable()).toBe(0)
    while (durable() === 0) await upload.append(piece)
    expect(durable()).toBeGreaterThanOrEqual(16 * piece.length)
    await upload.rest()
    expect(durable()).toBe(upload.writtenBytes)
  })
})

describe('openUploadFolder', () => {
  it.each([
    ['a record cut short', () => writeFile(record(), '{"bytes":1')],
    ['an empty record', () => writeFile(record(), '')],
    ['bytes without a record', () => rm(record())],
  ])('removes %s', async (_what, damage) => {
    await add(await begin(), BYTES.subarray(0, 1000))
    await damage()
    await open()
    expect(names()).toEqual([])
    expect(await folder.list()).toEqual([])
  })

  it('leaves alone what it does not know', async () => {
    await writeFile(at('uploads', 'notes.txt'), 'of the operator')
    await open()
    expect(names()).toEqual(['notes.txt'])
  })

  it('counts from the day of the younger of the two files', async () => {
    await add(await begin(), BYTES.subarray(0, 1000))
    await utimes(record(), new Date('2026-11-20T00:00:00Z'), new Date('2026-11-20T00:00:00Z'))
    expect((await reload()).day).toEqual(DAY)
  })
})

describe('the space', () => {
  it('is used by real bytes only, because a reservation could be measured by others', async () => {
    freeBytes = 10_000
    const upload = await begin(6000)
    expect(store.space.freeBytes()).toBe(10_000)
    await add(upload, BYTES.subarray(0, 1000))
    freeBytes = 999
    await expect(add(upload, BYTES.subarray(1000, 2000))).rejects.toMatchObject({
      code: 'NO_SPACE',
    })
    expect((await reload()).writtenBytes).toBe(1000)
  })
})

describe('when the disk fails', () => {
  it('says so, shows what is really there, and continues from there', async () => {
    const upload = await begin()
    await add(upload, BYTES.subarray(0, 1000))
    await rename(at('uploads'), at('gone'))
    await expect(add(upload, BYTES.subarray(1000, 2000))).rejects.toMatchObject({
      code: 'IO_FAILED',
    })
    expect(upload.writtenBytes).toBe(1000)
    await rename(at('gone'), at('uploads'))
    await add(upload, BYTES.subarray(1000))
    await upload.finish(RECEIPT)
    expect(Buffer.compare(readFileSync(at('incoming', `${RECEIPT}.age`)), BYTES)).toBe(0)
  })
})

describe('isUploadId', () => {
  it.each([
    ['32 hex digits', ID, true],
    ['31', ID.slice(1), false],
    ['33', `${ID}0`, false],
    ['capitals', ID.toUpperCase(), false],
    ['a path', '../'.repeat(10) + 'ab', false],
    ['a newline', `${ID}\n`, false],
  ])('of %s', (_what, text, expected) => {
    expect(isUploadId(text)).toBe(expected)
  })
})
