import type { ChunkTask, FromChunkWorker } from './chunk-protocol.ts'

/** The part of `Worker` that the engine needs. */
export interface ChunkThread {
  postMessage(message: ChunkTask, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { data: FromChunkWorker }) => void): void
  addEventListener(
    type: 'error' | 'messageerror',
    listener: (event: Pick<Event, 'preventDefault'>) => void,
  ): void
  terminate(): void
}

/** Always two: reading the number of cores would help to distinguish one visitor from another. */
const threadCount = 2
/**
 * The time limit for starting the workers: enough to load some kilobytes over a bad circuit. If
 * that takes longer, sealing without workers is faster.
 */
const startSeconds = 30

/** The workers that seal; none if they cannot be started. */
export type ChunkThreads = Promise<readonly ChunkThread[]>

/**
 * Starts the workers that seal, before the code that uses them has come.
 * @returns none if one of them cannot be started
 */
export async function startChunkThreads(spawn: () => ChunkThread): Promise<readonly ChunkThread[]> {
  const threads: ChunkThread[] = []
  try {
    for (let number = 0; number < threadCount; number++) threads.push(spawn())
    await Promise.all(threads.map(untilReady))
    return threads
  } catch {
    for (const thread of threads) thread.terminate()
    return []
  }
}

async function untilReady(thread: ChunkThread): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(reject, startSeconds * 1000)
    const settle = (then: () => void) => () => {
      clearTimeout(timer)
      then()
    }
    thread.addEventListener('message', settle(resolve))
    thread.addEventListener('error', settle(reject))
  })
}
