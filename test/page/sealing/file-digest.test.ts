import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import type { Bulk } from '../../../src/page/sealing/bulk.ts'
import { nobleBulk } from '../../../src/page/sealing/bulk.ts'
import { maxWholeBytes, startFileDigest } from '../../../src/page/sealing/file-digest.ts'

const digestInBrowser = vi.fn(
  async (_name: AlgorithmIdentifier, bytes: BufferSource) =>
    new Uint8Array(
      createHash('sha256')
        .update(bytes as Uint8Array)
        .digest(),
    ).buffer,
)
const withSubtle: Bulk = { ...nobleBulk, subtle: { digest: digestInBrowser } }

async function digestOf(bulk: Bulk, bytes: number): Promise<{ isRight: boolean }> {
  const content = new Uint8Array(bytes).fill(3)
  const digest = startFileDigest(bulk, bytes)
  for (let at = 0; at < bytes; at += 1_000_003) digest.update(content.subarray(at, at + 1_000_003))
  const expected = createHash('sha256').update(content).digest()
  return { isRight: expected.equals(await digest.digest()) }
}

describe('startFileDigest', () => {
  it.each([
    { bytes: maxWholeBytes - 1, calls: 1 },
    { bytes: maxWholeBytes, calls: 1 },
    { bytes: maxWholeBytes + 1, calls: 0 },
  ])('asks the browser $calls times for $bytes bytes', async ({ bytes, calls }) => {
    digestInBrowser.mockClear()
    expect(await digestOf(withSubtle, bytes)).toEqual({ isRight: true })
    expect(digestInBrowser).toHaveBeenCalledTimes(calls)
  })

  it('uses its own code where the browser has none', async () => {
    expect(await digestOf({ ...nobleBulk, subtle: null }, 5000)).toEqual({ isRight: true })
  })

  it('uses its own code when the browser refuses', async () => {
    const refusing: Bulk = {
      ...nobleBulk,
      subtle: { digest: () => Promise.reject(new Error('no')) },
    }
    expect(await digestOf(refusing, 5000)).toEqual({ isRight: true })
  })
})
