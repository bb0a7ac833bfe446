import type { BatchResult, BatchSlot, ChunkBatch } from '../../age/stream.ts'

/** A batch to be sealed. The slot's memory moves to the chunk worker, and back with the answer. */
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

/** `ready` is sent once, when the worker's script starts to run. */
export type FromChunkWorker = 'ready' | ChunkAnswer

/** The buffers to be listed as transferable, so that they are moved and not copied. */
export function memoryOf({ input, output }: BatchSlot): ArrayBuffer[] {
  return [input.buffer as ArrayBuffer, output.buffer as ArrayBuffer]
}
