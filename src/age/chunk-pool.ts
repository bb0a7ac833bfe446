import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AgeError } from './errors.ts'
import type { ChunkAnswer, ChunkTask } from './chunk-worker.ts'
import { memoryOf } from './chunk-worker.ts'
import type { BatchResult, BatchSlot, ChunkBatch, ChunkEngine } from './stream.ts'
import { newSlot } from './stream.ts'

/** A `ChunkEngine` that owns threads. They keep the process alive until `close` is called. */
export interface ChunkPool extends ChunkEngine {
  close: () => Promise<void>
}

interface Waiting {
  resolve(result: BatchResult): void
  reject: (error: AgeError) => void
}

/** Two batches for each thread: one is processed while the other is handed over. */
const batchesPerThread = 2

/** Three threads keep up with any disk; each costs 26 MiB of memory. */
const maxThreads = 3

/**
 * Seals and opens chunks on all cores except the one of this thread. The memory of a batch is
 * transferred to its thread and back, because shared memory would be copied word by word, at half
 * the speed.
 */
export function startChunkPool(cores = availableParallelism()): ChunkPool {
  const threads = Math.min(maxThreads, Math.max(1, cores - 1))
  const inFlight = threads * batchesPerThread
  const slots = Array.from({ length: inFlight + 1 }, newSlot)
  const free = [...slots]
  const waiting = new Map<number, Waiting>()
  const workers = Array.from({ length: threads }, () => startWorker(slots, waiting))
  let turn = 0

  function run(
    operation: ChunkTask['operation'],
    slot: BatchSlot,
    batch: ChunkBatch,
  ): Promise<BatchResult> {
    const slotNumber = slots.indexOf(slot)
    const task: ChunkTask = { slotNumber, slot, operation, batch }
    return new Promise((resolve, reject) => {
      waiting.set(slotNumber, { resolve, reject })
      workers[turn++ % threads]?.postMessage(task, memoryOf(slot))
    })
  }

  return {
    inFlight,
    takeSlot: () => free.pop() ?? slotMissing(),
    giveSlot: (slot) => void free.push(slot),
    seal: (slot, batch) => run('seal', slot, batch),
    open: (slot, batch) => run('open', slot, batch),
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  }
}

function slotMissing(): never {
  throw new AgeError('PROVIDER_UNAVAILABLE', 'one chunk pool works on one file at a time')
}

function startWorker(slots: readonly BatchSlot[], waiting: Map<number, Waiting>): Worker {
  const worker = new Worker(new URL('./chunk-worker.ts', import.meta.url), {
    // The threads keep no objects. Without this limit, the young generation of each alone grows to
    // 30 MiB.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  })
  worker.on('message', ({ slotNumber, slot, result, failure }: ChunkAnswer) => {
    Object.assign(slots[slotNumber] as BatchSlot, slot)
    if (failure === null) waiting.get(slotNumber)?.resolve(result)
    else
      waiting
        .get(slotNumber)
        ?.reject(
          new AgeError('SOURCE_CHANGED', 'a file could not be read to its end: try again', failure),
        )
    waiting.delete(slotNumber)
  })
  worker.on('error', (cause) => {
    const error = new AgeError('PROVIDER_UNAVAILABLE', 'a sealing thread died', cause)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  return worker
}
