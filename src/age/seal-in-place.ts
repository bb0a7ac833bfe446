import { fdatasync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { BackgroundSync } from './background-sync.ts'
import { nodeChunkCipher } from './node-cipher.ts'
import type { PlaceThreads } from './place-threads.ts'
import type { PlacedPayload, SharedWork } from './place-work.ts'
import {
  chunksOf,
  sealedBatches,
  sealHeld,
  sealNext,
  shareWork,
  stopSealing,
} from './place-work.ts'
import type { PlaintextPart } from './plaintext-parts.ts'
import { partBytes } from './plaintext-parts.ts'
import { chunkBytes, chunksPerBatch, newSlot } from './stream.ts'

const batchBytes = chunkBytes * chunksPerBatch
const fdatasyncAsync = promisify(fdatasync)

/**
 * Seals a payload whose beginning depends on digests of its files, in one pass: all later chunks
 * are sealed here and in `threads` while one of these computes the digests; the first chunks are
 * sealed when these are known. Each chunk is sealed exactly once, so that no nonce is used twice.
 * @param options.parts the plaintext; the first part is only a placeholder of the right length
 * @param options.begin makes the first part from the digests
 * @throws AgeError `SOURCE_CHANGED`, `PROVIDER_UNAVAILABLE`; the error of a failed write
 */
export async function sealInPlace(options: {
  threads: PlaceThreads
  key: Uint8Array
  parts: readonly PlaintextPart[]
  digests: Promise<readonly string[]>
  begin: (digests: readonly string[]) => Promise<Uint8Array>
  outputFd: number
  outputAt: number
  onBytes: (bytes: number) => void
}): Promise<void> {
  const { key, parts, begin, outputFd, outputAt } = options
  const [placeholder, ...later] = parts
  if (placeholder === undefined) throw new RangeError('a payload without parts')
  const plaintextBytes = parts.reduce((sum, part) => sum + partBytes(part), 0)
  const payload: PlacedPayload = { key, parts, plaintextBytes, outputFd, outputAt }
  const held = Math.min(chunksOf(plaintextBytes), chunksOf(partBytes(placeholder)))
  const first = await begin(await sealLater(options, shareWork(payload, held)))
  if (first.length !== partBytes(placeholder))
    throw new RangeError('the beginning has another length than its placeholder')
  sealHeld(nodeChunkCipher, { ...payload, parts: [first, ...later] }, held)
}

/** Seals all chunks that are not held. @returns the digests */
async function sealLater(
  {
    threads,
    digests,
    onBytes,
  }: {
    threads: PlaceThreads
    digests: Promise<readonly string[]>
    onBytes: (bytes: number) => void
  },
  work: SharedWork,
): Promise<readonly string[]> {
  const here = sealHere(work, onBytes)
  try {
    const [known] = await Promise.all([digests, here, threads.seal(work)])
    return known
  } catch (error) {
    // The caller closes the output: nobody may write any more.
    stopSealing(work)
    await Promise.allSettled([here, threads.close()])
    throw error
  }
}

/**
 * This thread's share. Between batches it lets events through, reports progress, and sends what is
 * sealed to the disk in the background.
 */
async function sealHere(work: SharedWork, onBytes: (bytes: number) => void): Promise<void> {
  const slot = newSlot()
  const background = new BackgroundSync(() => fdatasyncAsync(work.payload.outputFd))
  let reported = 0
  try {
    while (sealNext(nodeChunkCipher, slot, work)) {
      const sealed = sealedBatches(work)
      const bytes = (sealed - reported) * batchBytes
      reported = sealed
      onBytes(bytes)
      background.add(bytes)
      await setImmediate()
    }
  } finally {
    await background.settle()
  }
}
