import { parentPort } from 'node:worker_threads'
import { nodeChunkCipher } from './node-cipher.ts'
import { readRanges } from './read-file.ts'
import type { BatchResult, BatchSlot, ChunkBatch } from './stream.ts'
import { openBatch, sealBatch } from './stream.ts'

/**
 * A task from the pool for a thread. The slot's memory is transferred to the thread, and back with
 * the answer.
 */
export interface ChunkTask {
  slotNumber: number
  slot: BatchSlot
  operation: 'seal' | 'open'
  batch: ChunkBatch
}

/**
 * `failure`: the error that occurred when reading a file, or null. The slot is returned in both
 * cases.
 */
export interface ChunkAnswer {
  slotNumber: number
  slot: BatchSlot
  result: BatchResult
  failure: unknown
}

/** The transfer list of a slot: memory that is not listed is copied instead of moved. */
export function memoryOf({ input, output }: BatchSlot): ArrayBuffer[] {
  return [input.buffer as ArrayBuffer, output.buffer as ArrayBuffer]
}

parentPort?.on('message', (task: ChunkTask) => {
  const { slotNumber, slot } = task
  const answer: ChunkAnswer = {
    slotNumber,
    slot,
    result: { length: 0, isWhole: false },
    failure: null,
  }
  try {
    answer.result = work(task)
  } catch (error) {
    answer.failure = error
  }
  parentPort?.postMessage(answer, memoryOf(slot))
})

function work({ slot, operation, batch }: ChunkTask): BatchResult {
  readRanges(slot.input, batch.reads)
  return (operation === 'seal' ? sealBatch : openBatch)(nodeChunkCipher, slot, batch)
}
