import { createHash } from 'node:crypto'
import { openAsBlob, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Checksum } from '../../../src/page/sealing/checksum.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { seeded } from './seeded-bytes.ts'
import { openSealed, sendAll, startSite } from './site.ts'
import { startTusStub } from './tus-stub.ts'

const tip = { narrative: '사람들이 잡혀갔습니다' }
const bytes = seeded(1_500_001, 4)
const unused = 'http://127.0.0.1:9'

function fileOf(content: Uint8Array = bytes): File {
  return new File([new Uint8Array(content)], 'secret name.jpg')
}

/** A file on disk, which may change while the page uses it. */
async function fileOnDisk(
  content: Uint8Array,
): Promise<{ file: File; change: (to: Uint8Array) => void }> {
  const path = join(await makeTempDir(), 'x')
  writeFileSync(path, content)
  const blob = await openAsBlob(path)
  const file = new File([], 'secret name.jpg')
  for (const member of ['slice', 'arrayBuffer', 'stream'] as const)
    Object.defineProperty(file, member, { value: blob[member].bind(blob) })
  Object.defineProperty(file, 'size', { value: blob.size })
  return { file, change: (to) => writeFileSync(path, to) }
}

/**
 * A file whose reads are served by the test, because the platform does not notice every change of a
 * real file.
 */
function fileThatReads(size: number, read: (start: number, end: number) => Uint8Array): File {
  const file = fileOf(new Uint8Array(0))
  Object.defineProperty(file, 'size', { value: size })
  Object.defineProperty(file, 'slice', {
    value: (start: number, end: number) => ({
      size: Math.min(end, size) - start,
      async arrayBuffer() {
        await new Promise((resolve) => setImmediate(resolve))
        return new Uint8Array(read(start, Math.min(end, size))).buffer
      },
    }),
  })
  return file
}

describe('addFile', () => {
  it('reports the result of cleaning', async () => {
    const cleaned = new Blob([new Uint8Array(100)])
    const { sealer } = startSite(unused, {
      clean: async () => ({ outcome: 'removed', content: cleaned }),
    })
    expect(await sealer.addFile(fileOf(), { metadata: 'remove' }).prepared).toEqual({
      metadata: 'removed',
      bytes: 100,
    })
    expect(await sealer.addFile(fileOf(), { metadata: 'keep' }).prepared).toEqual({
      metadata: 'kept',
      bytes: bytes.length,
    })
  })

  it('sends a picture that cannot be cleaned only when that is allowed', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url, {
      clean: async (file) => ({
        outcome: 'cannot_be_removed',
        content: file,
        remark: 'damaged',
      }),
    })
    const { id, prepared } = sealer.addFile(fileOf(), { metadata: 'remove' })
    expect(await prepared).toMatchObject({ metadata: 'cannot_be_removed', remark: 'damaged' })
    const options = { words: 'new', language: 'en', mustBeClean: [id] } as const
    const refused = sealer.send(tip, [id], () => undefined, options)
    await expect(refused.done).rejects.toMatchObject({ code: 'FILE_NOT_CLEANED', fileId: id })
    expect(stub.uploads.size).toBe(0)
    await sealer.send(tip, [id], () => undefined, { ...options, mustBeClean: [] }).done
    expect(stub.uploads.size).toBe(1)
  })

  it.each([1, 524_288, 524_289])('computes the digest of %i bytes', async (size) => {
    const content = bytes.subarray(0, size)
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    const { id, prepared } = sealer.addFile(fileOf(content), { metadata: 'keep' })
    expect(await prepared).toEqual({ metadata: 'kept', bytes: size })
    await sendAll(sealer, tip, [id])
    const { tip: opened } = await openSealed([...stub.uploads.values()][0]!.bytes)
    expect(opened.attachments?.[0]?.sha256).toBe(createHash('sha256').update(content).digest('hex'))
  })

  it('rejects an empty file with FILE_EMPTY, identified by its id', async () => {
    const { sealer } = startSite(unused)
    const { id, prepared } = sealer.addFile(fileOf(bytes.subarray(0, 0)), { metadata: 'remove' })
    await expect(prepared).rejects.toMatchObject({ code: 'FILE_EMPTY', fileId: id })
  })

  it('reads a file whose size is reported as 0 to its end', async () => {
    const { sealer } = startSite(unused)
    const file = new File([], 'cloud.jpg')
    file.arrayBuffer = async () => new Uint8Array([1, 2, 3]).buffer
    const host = { metadata: 'kept', bytes: 3 }
    expect(await sealer.addFile(file, { metadata: 'keep' }).prepared).toEqual(host)
  })

  it('rejects with FILE_UNREADABLE when cleaning cannot read the file, identified only by its id', async () => {
    const { sealer } = startSite(unused, {
      clean: () => Promise.reject(new Error('secret name.jpg vanished')),
    })
    const { id, prepared } = sealer.addFile(fileOf(), { metadata: 'remove' })
    await expect(prepared).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.not.stringContaining('secret'),
    })
    await expect(prepared).rejects.toMatchObject({
      message: expect.stringContaining(`file ${id} `),
    })
  })

  it('rejects with FILE_UNREADABLE when the file has changed on disk', async () => {
    const { file, change } = await fileOnDisk(bytes)
    const { sealer } = startSite(unused)
    change(bytes.subarray(0, 1000))
    await expect(sealer.addFile(file, { metadata: 'keep' }).prepared).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
  })

  it.each([
    [1999, 'FILE_UNREADABLE'],
    [1001, 'FILE_UNREADABLE'],
    [1000, null],
  ])('of 1000 bytes that has %i by now ends with %s', async (bytesNow, code) => {
    const { sealer } = startSite(unused)
    const file = fileOf(bytes.subarray(0, 1000))
    // A stream reads to the present end, slices read to the size at which the file was chosen.
    file.stream = () => new Blob([new Uint8Array(bytesNow)]).stream()
    const { prepared } = sealer.addFile(file, { metadata: 'keep' })
    if (code === null) expect(await prepared).toMatchObject({ bytes: 1000 })
    else await expect(prepared).rejects.toMatchObject({ code })
  })

  it('still prepares the following files after a failure', async () => {
    const { sealer } = startSite(unused, {
      clean: () => Promise.reject(new Error('no')),
    })
    sealer.addFile(fileOf(), { metadata: 'remove' })
    expect(await sealer.addFile(fileOf(), { metadata: 'keep' }).prepared).toMatchObject({
      bytes: bytes.length,
    })
  })
})

describe('the name of a file', () => {
  it.each([
    ['가'.repeat(501)],
    ['../../etc/passwd'],
    ['<img src=x onerror=alert(1)>.jpg'],
    ['\u202egpj.exe'],
    ['😀'.repeat(600)],
    ['.'],
    [''],
  ])('like %j still makes a tip that can be opened', async (name) => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    const { id } = sealer.addFile(
      new File([new Uint8Array(bytes.subarray(0, 10))], name, { type: `x/${'y'.repeat(600)}` }),
      { metadata: 'keep' },
    )
    await sendAll(sealer, tip, [id])
    const { tip: opened } = await openSealed([...stub.uploads.values()][0]!.bytes)
    expect(opened.attachments).toHaveLength(1)
  })
})

describe('removeFile', () => {
  it('rejects a file that is being prepared with CANCELLED, and stops reading it', async () => {
    let isReading = 0
    const endless = fileThatReads(
      1e12,
      (start, end) => ((isReading += 1), new Uint8Array(end - start)),
    )
    const { sealer } = startSite(unused)
    const { id, prepared } = sealer.addFile(endless, { metadata: 'keep' })
    await expect.poll(() => isReading).toBeGreaterThan(2)
    sealer.removeFile(id)
    await expect(prepared).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await sealer.addFile(fileOf(), { metadata: 'keep' }).prepared).toMatchObject({
      bytes: bytes.length,
    })
  })

  it('makes sending with the removed file impossible', async () => {
    const { sealer } = startSite(unused)
    const { id, prepared } = sealer.addFile(fileOf(), { metadata: 'keep' })
    await prepared
    sealer.removeFile(id)
    await expect(sendAll(sealer, tip, [id])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe('a file that changes after it was prepared', () => {
  const wayward = [
    [
      'in one byte',
      (piece: Uint8Array, start: number) =>
        start > 0 ? piece.map((byte, at) => (at === 77 ? byte ^ 4 : byte)) : piece,
    ],
    [
      'in its last byte',
      (piece: Uint8Array) => piece.map((byte, at) => (at === piece.length - 1 ? byte ^ 1 : byte)),
    ],
    [
      'and is shorter',
      (piece: Uint8Array, start: number) => (start > 0 ? piece.subarray(1) : piece),
    ],
  ] as const
  it.each(wayward)('%s, is not sent: FILE_UNREADABLE', async (_how, change) => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    let isChanged = false
    const file = fileThatReads(bytes.length, (start, end) =>
      isChanged ? change(bytes.slice(start, end), start) : bytes.subarray(start, end),
    )
    const { id, prepared } = sealer.addFile(file, { metadata: 'keep' })
    await prepared
    isChanged = true
    await expect(sendAll(sealer, tip, [id])).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining(`file ${id} `),
    })
    expect(stub.receipts.size).toBe(0)
  })
})

describe('Checksum', () => {
  const sumOf = (...parts: Uint8Array[]) => {
    const sum = new Checksum()
    for (const part of parts) sum.update(part)
    return sum.result()
  }

  it('differs after every flipped, swapped or cut byte', () => {
    const whole = bytes.slice(0, 1027)
    const seen = new Set([sumOf(whole)])
    for (let at = 0; at < whole.length; at++)
      seen.add(sumOf(whole.map((byte, index) => (index === at ? byte ^ 1 : byte))))
    seen.add(sumOf(whole.subarray(0, 1026))).add(sumOf(whole.subarray(0, 1024)))
    const swapped = whole.slice()
    swapped.copyWithin(0, 4, 8)
    swapped.set(whole.subarray(0, 4), 4)
    seen.add(sumOf(swapped))
    expect(seen.size).toBe(1 + 1027 + 3)
  })

  it('differs for zeros of different lengths', () => {
    expect(new Set([0, 1, 4, 5, 8, 4096].map((length) => sumOf(new Uint8Array(length)))).size).toBe(
      6,
    )
  })
})
