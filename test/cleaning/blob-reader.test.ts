import { describe, expect, it, vi } from 'vitest'
import { BlobReader, maxPieceBytes, maxReads, windowBytes } from '../../src/cleaning/blob-reader.ts'

const bytes = Uint8Array.from({ length: windowBytes + 10 }, (_, i) => i % 251)
const makeReader = (): BlobReader => new BlobReader(new Blob([bytes]))

describe('BlobReader', () => {
  it.each([
    [0, 1],
    [windowBytes - 1, 2],
    [windowBytes, 10],
    [0, windowBytes + 10],
    [windowBytes + 10, 0],
  ])('reads, starting at %i, %i bytes', async (start, length) => {
    expect(Buffer.from(await makeReader().read(start, length))).toEqual(
      Buffer.from(bytes.subarray(start, start + length)),
    )
  })

  it('reads forwards and backwards, and does not change bytes it has returned', async () => {
    const reader = makeReader()
    const late = await reader.read(windowBytes, 10)
    const early = await reader.read(3, 10)
    expect([Buffer.from(early), Buffer.from(late)]).toEqual([
      Buffer.from(bytes.subarray(3, 13)),
      Buffer.from(bytes.subarray(windowBytes)),
    ])
  })

  it.each([
    [windowBytes + 10, 1],
    [windowBytes + 11, 0],
    [0, windowBytes + 11],
    [2 ** 53, 1],
    [5, -1],
  ])('refuses to read past the end: starting at %i, %i bytes', async (start, length) => {
    await expect(makeReader().read(start, length)).rejects.toMatchObject({ code: 'MALFORMED' })
  })

  it('reads each window from the platform once', async () => {
    const asked = vi.spyOn(Blob.prototype, 'arrayBuffer')
    const reader = makeReader()
    for (let start = 0; start < windowBytes; start += 100) await reader.read(start, 8)
    expect(asked).toHaveBeenCalledTimes(1)
    await reader.read(windowBytes, 8)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('reads the largest allowed piece, and not one byte more', async () => {
    const reader = new BlobReader(new Blob([new Uint8Array(maxPieceBytes + 1)]))
    expect((await reader.read(0, maxPieceBytes - 1)).length).toBe(maxPieceBytes - 1)
    expect((await reader.read(1, maxPieceBytes)).length).toBe(maxPieceBytes)
    await expect(reader.read(0, maxPieceBytes + 1)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('reads the maximum number of times, and not once more', async () => {
    const reader = makeReader()
    for (let i = 0; i < maxReads; i += 1) await reader.read(0, 1)
    await expect(reader.read(0, 1)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})
