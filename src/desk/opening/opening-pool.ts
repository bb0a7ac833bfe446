import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { EnvelopeOnStick, ImportResult } from './import-envelope.ts'
import { largeBytes } from './import-envelope.ts'
import { openHere } from './open-here.ts'
import type { FromThread, ToThread } from './opening-thread.ts'
import type { ThreadBeginning } from './thread-tools.ts'

/** Further threads would only wait for the disk. */
const maxThreads = 8
/** While one envelope waits for its fsync, another is opened. */
const envelopesPerThread = 6

/** An envelope and its size on the stick; 0 if it cannot be found. */
export type SizedEnvelope = EnvelopeOnStick & { size: number }

interface Opening {
  beginning: Omit<ThreadBeginning, 'hasSpareCore'>
  envelopes: readonly SizedEnvelope[]
  onBytes: (bytes: number) => void
  onResult: (result: ImportResult) => void
  cores?: number
}

/**
 * Opens envelopes on every core, several at once on each, and resolves when all are done. What one
 * core can do is done in this thread, because a tip takes less time than the start of a thread.
 *
 * The smallest are opened first. Among large ones, each fsync of a small file would wait until the
 * disk has what was written of the large files, and most tips are in the casebook should the stick
 * break or the run be stopped.
 * @throws errors of the casebook's disk, with their `code`. Envelopes that are being opened at that
 * moment leave half-made files (see `removeLeftovers`).
 */
export async function openOnAllCores(opening: Opening): Promise<void> {
  const { cores = availableParallelism() } = opening
  const envelopes = opening.envelopes.toSorted((one, other) => one.size - other.size)
  const threadCount = Math.min(cores, maxThreads, threadsFor(envelopes))
  const beginning = { ...opening.beginning, hasSpareCore: threadCount < cores }
  if (threadCount > 1) return await openInThreads({ ...opening, envelopes, beginning }, threadCount)
  await openHere(beginning, envelopesPerThread, { ...opening, envelopes })
}

/** A large envelope keeps a thread busy; of small ones, each takes several. */
function threadsFor(envelopes: readonly SizedEnvelope[]): number {
  const large = envelopes.filter(({ size }) => size >= largeBytes).length
  return Math.max(1, large + Math.ceil((envelopes.length - large) / envelopesPerThread))
}

async function openInThreads(
  opening: Opening & { beginning: ThreadBeginning },
  threadCount: number,
): Promise<void> {
  const waiting = opening.envelopes.values()
  const threads = Array.from(
    { length: threadCount },
    () =>
      new Worker(new URL('./opening-thread.ts', import.meta.url), {
        workerData: opening.beginning,
        // Without this limit, the young generations of the threads take 10 MiB more for one tip and
        // 45 MiB more for hundreds, and save only a twentieth of the time.
        resourceLimits: { maxYoungGenerationSizeMb: 2 },
      }),
  )
  // With few envelopes, the first thread must not take them all.
  const atOnce = Math.min(envelopesPerThread, Math.ceil(opening.envelopes.length / threadCount))
  try {
    await Promise.all(threads.map((thread) => serve(thread, atOnce, waiting, opening)))
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}

function serve(
  thread: Worker,
  atOnce: number,
  waiting: Iterator<EnvelopeOnStick>,
  { onBytes, onResult }: Pick<Opening, 'onBytes' | 'onResult'>,
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
        return reject(Object.assign(new Error(message.failure.message), message.failure))
      underWay -= 1
      onResult(message.result)
      if (!give() && underWay === 0) say('end')
    })
    for (let count = 0; count < atOnce && give(); ) count += 1
    if (underWay === 0) say('end')
  })
}
