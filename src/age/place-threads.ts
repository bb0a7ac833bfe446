import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AgeError } from './errors.ts'
import type { SharedWork } from './place-work.ts'
import type { FromPlaceWorker, ToPlaceWorker } from './place-worker.ts'
import type { FileRange } from './stream.ts'

/** Threads that compute digests of files and seal them in place, in parallel with their owner. */
export interface PlaceThreads {
  /** SHA-256 of each file, as 64 hex digits. @throws AgeError as `sealInPlace` */
  digest: (files: readonly FileRange[]) => Promise<readonly string[]>
  /** Seals in all threads, and resolves when no batch is left. @throws AgeError as `sealInPlace` */
  seal: (work: SharedWork) => Promise<void>
  close: () => Promise<void>
}

/** With the thread of the owner, three keep up with any disk; each costs 26 MiB of memory. */
const maxThreads = 2

/**
 * Starts the threads at once. Their start takes a tenth of a second, so it should come before
 * other work: what they are to do can be said later. They keep the process alive until `close` is
 * called.
 */
export function startPlaceThreads(cores = availableParallelism()): PlaceThreads {
  const count = Math.min(maxThreads, Math.max(1, cores - 1))
  const [first, ...others] = Array.from({ length: count }, startThread) as [PlaceThread]
  return {
    async digest(files) {
      const answer = await first.ask({ type: 'digest', files })
      return answer.type === 'digests' ? answer.digests : []
    },
    async seal(work) {
      // The first thread has digests to take before its share.
      await Promise.all([...others, first].map((thread) => thread.ask({ type: 'seal', ...work })))
    },
    close: async () => void (await Promise.all([first, ...others].map((thread) => thread.end()))),
  }
}

type Answer = Exclude<FromPlaceWorker, { type: 'failed' }>

interface PlaceThread {
  /** Tasks are done and answered one after the other. */
  ask: (task: ToPlaceWorker) => Promise<Answer>
  end: () => Promise<void>
}

function startThread(): PlaceThread {
  const worker = new Worker(new URL('./place-worker.ts', import.meta.url), {
    // The threads keep no objects. Without this limit, the young generation of each alone grows to
    // 30 MiB.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  })
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = []
  let death: AgeError | null = null
  worker.on('message', (answer: FromPlaceWorker) => {
    const oldest = waiting.shift()
    if (answer.type === 'failed') oldest?.reject(failureOf(answer))
    else oldest?.resolve(answer)
  })
  worker.on('error', (cause) => {
    death = new AgeError('PROVIDER_UNAVAILABLE', 'a sealing thread died', cause)
    for (const { reject } of waiting.splice(0)) reject(death)
  })
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        if (death !== null) return reject(death)
        waiting.push({ resolve, reject })
        worker.postMessage(task)
      }),
    end: async () => void (await worker.terminate()),
  }
}

function failureOf(failed: Extract<FromPlaceWorker, { type: 'failed' }>): Error {
  const { isSourceChanged, message, code } = failed
  if (isSourceChanged) return new AgeError('SOURCE_CHANGED', message)
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}
