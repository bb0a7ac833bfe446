import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { EnvelopeOnStick, ImportResult } from './import-envelope.ts'
import type { FromThread, ThreadBeginning, ToThread } from './opening-thread.ts'

/** Further threads would only wait for the disk. */
const maxThreads = 8
/** While one envelope waits for its fsync, another is opened. */
const envelopesPerThread = 6

interface Opening {
  beginning: ThreadBeginning
  envelopes: readonly EnvelopeOnStick[]
  onBytes: (bytes: number) => void
  onResult: (result: ImportResult) => void
  cores?: number
}

/**
 * Opens envelopes on every core, several at once on each, and resolves when all are done.
 * @throws errors of the casebook's disk, with their `code`. Envelopes that are being opened at that
 * moment leave half-made files (see `removeLeftovers`).
 */
export async function openOnAllCores({
  beginning,
  envelopes,
  onBytes,
  onResult,
  cores = availableParallelism(),
}: Opening): Promise<void> {
  const waiting = envelopes.values()
  const threadCount = Math.max(
    1,
    Math.min(cores, maxThreads, Math.ceil(envelopes.length / envelopesPerThread)),
  )
  const threads = Array.from(
    { length: threadCount },
    () =>
      new Worker(new URL('./opening-thread.ts', import.meta.url), {
        workerData: beginning,
        // Without this limit, the young generations of the threads take 10 MiB more for one tip and
        // 45 MiB more for hundreds, and save only a twentieth of the time.
        resourceLimits: { maxYoungGenerationSizeMb: 2 },
      }),
  )
  try {
    await Promise.all(threads.map((thread) => serve(thread, waiting, onBytes, onResult)))
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}

function serve(
  thread: Worker,
  waiting: Iterator<EnvelopeOnStick>,
  onBytes: Opening['onBytes'],
  onResult: Opening['onResult'],
): Promise<void> {
  const say = (message: ToThread) => thread.postMessage(message)
  let underWay = 0
  const give = () => {
    const next = waiting.next()
    if (next.done === true) return false
    underWay += 1
    say({ envelope: next.value })
    return true
  }
  return new Promise((resolve, reject) => {
    thread.on('error', reject)
    thread.on('exit', () => resolve())
    thread.on('message', (message: FromThread) => {
      if ('bytes' in message) return onBytes(message.bytes)
      if ('failure' in message)
        return reject(
          Object.assign(new Error(message.failure.message), { code: message.failure.code }),
        )
      underWay -= 1
      onResult(message.result)
      if (!give() && underWay === 0) say('end')
    })
    for (let count = 0; count < envelopesPerThread && give(); ) count += 1
    if (underWay === 0) say('end')
  })
}
