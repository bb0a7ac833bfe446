import { parentPort, workerData } from 'node:worker_threads'
import { nodeChunkCipher } from './node-cipher.ts'
import type { BatchResult, BatchSlot, ChunkBatch } from './stream.ts'
import { openBatch, sealBatch } from './stream.ts'

/** What the pool asks of a thread: the batch lies in the slot of that number. */
export interface ChunkTask {
  slotNumber: number
  operation: 'seal' | 'open'
  batch: ChunkBatch
}

/** What it answers, once the slot's output is written. */
export interface ChunkAnswer {
  slotNumber: number
  result: BatchResult
}

const slots = workerData as BatchSlot[]

parentPort?.on('message', ({ slotNumber, operation, batch }: ChunkTask) => {
  const slot = slots[slotNumber] as BatchSlot
  const result = (operation === 'seal' ? sealBatch : openBatch)(nodeChunkCipher, slot, batch)
  parentPort?.postMessage({ slotNumber, result } satisfies ChunkAnswer)
})
