import { fdatasync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { BackgroundSync } from './background-sync.ts'
import { AgeError } from './errors.ts'
import { nodeChunkCipher } from './node-cipher.ts'
import type { FromPlaceWorker, PlaceTask } from './place-worker.ts'
import type { PlacedPayload } from './place-work.ts'
import { chunksOf, counters, sealHeld } from './place-work.ts'
import type { PlaintextPart } from './plaintext-parts.ts'
import { partBytes } from './plaintext-parts.ts'
import type { FileRange } from './stream.ts'
import { chunkBytes, chunksPerBatch } from './stream.ts'

const batchBytes = chunkBytes * chunksPerBatch
/** Three threads keep up with any disk; each costs 26 MiB of memory. */
const maxThreads = 3
const tickMilliseconds = 50
const fdatasyncAsync = promisify(fdatasync)

/**
 * Seals a payload whose beginning depends on digests of its files, in one pass: threads seal all
 * later chunks while one of them computes the digests; the first chunks are sealed when these are
 * known. Each chunk is sealed exactly once, so that no nonce is used twice.
 * @param options.parts the plaintext; the first part is only a placeholder of the right length
 * @param options.begin makes the first part from the digests of `files`
 * @throws AgeError `SOURCE_CHANGED`, `PROVIDER_UNAVAILABLE`; the error of a failed write
 */
export async function sealInPlace(options: {
  key: Uint8Array
  parts: readonly PlaintextPart[]
  files: readonly FileRange[]
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
  const end = chunksOf(plaintextBytes)
  const held = Math.min(end, chunksOf(partBytes(placeholder)))
  const digests = await sealLater({ ...options, payload, held, end })
  const first = await begin(digests)
  if (first.length !== partBytes(placeholder))
    throw new RangeError('the beginning has another length than its placeholder')
  sealHeld(nodeChunkCipher, { ...payload, parts: [first, ...later] }, held)
}

/** Seals all chunks from `held` on. @returns the digests of the files */
async function sealLater(work: {
  payload: PlacedPayload
  held: number
  end: number
  files: readonly FileRange[]
  onBytes: (bytes: number) => void
}): Promise<readonly string[]> {
  const { payload, held, end, files, onBytes } = work
  const shared = new Int32Array(new SharedArrayBuffer(4 * counters.length))
  shared[counters.nextChunk] = held
  const count = Math.min(maxThreads, Math.max(2, availableParallelism()))
  const threads = Array.from({ length: count }, startThread)
  const stopWatching = watch(payload.outputFd, shared, onBytes)
  try {
    const results = await Promise.all(
      threads.map((thread, number) =>
        runTask(thread, { files: number === 0 ? files : [], payload, end, shared }),
      ),
    )
    return results[0] ?? []
  } finally {
    // After a failure the other threads take nothing more.
    Atomics.store(shared, counters.nextChunk, end)
    await Promise.all(threads.map((thread) => thread.terminate()))
    await stopWatching()
  }
}

function startThread(): Worker {
  return new Worker(new URL('./place-worker.ts', import.meta.url), {
    // The threads keep no objects. Without this limit, the young generation of each alone grows to
    // 30 MiB.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  })
}

function runTask(thread: Worker, task: PlaceTask): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    let digests: readonly string[] = []
    thread.on('message', (message: FromPlaceWorker) => {
      if (message.type === 'digests') digests = message.digests
      else if (message.type === 'done') resolve(digests)
      else reject(failureOf(message))
    })
    thread.on('error', (cause) =>
      reject(new AgeError('PROVIDER_UNAVAILABLE', 'a sealing thread died', cause)),
    )
    thread.postMessage(task)
  })
}

function failureOf(failed: Extract<FromPlaceWorker, { type: 'failed' }>): Error {
  const { isSourceChanged, message, code } = failed
  if (isSourceChanged) return new AgeError('SOURCE_CHANGED', message)
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}

/**
 * Reports progress, and sends what is sealed to the disk in the background.
 * @returns ends both; throws the error of a sync in the background
 */
function watch(
  fd: number,
  shared: Int32Array,
  onBytes: (bytes: number) => void,
): () => Promise<void> {
  const background = new BackgroundSync(() => fdatasyncAsync(fd))
  let reported = 0
  const timer = setInterval(() => {
    const sealed = Atomics.load(shared, counters.sealedBatches)
    const bytes = (sealed - reported) * batchBytes
    reported = sealed
    onBytes(bytes)
    background.add(bytes)
  }, tickMilliseconds)
  return async () => {
    clearInterval(timer)
    await background.settle()
  }
}
