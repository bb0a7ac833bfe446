import type { BatchResult, BatchSlot, ChunkBatch } from '../../age/stream.ts'

/** The slot's memory moves to the chunk worker, and back with the answer. */
export interface ChunkTask {
  slotNumber: number
  slot: BatchSlot
  batch: ChunkBatch
}

export interface ChunkAnswer {
  slotNumber: number
  slot: BatchSlot
  result: BatchResult
}

/** `ready` comes once, when the worker's script runs. */
export type FromChunkWorker = 'ready' | ChunkAnswer

/** What has to be named for the memory to move instead of being copied. */
export function memoryOf({ input, output }: BatchSlot): ArrayBuffer[] {
  return [input.buffer as ArrayBuffer, output.buffer as ArrayBuffer]
}
