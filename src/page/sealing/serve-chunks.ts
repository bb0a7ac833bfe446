import { nobleChunkCipher } from '../../age/noble-cipher.ts'
import { sealBatch } from '../../age/stream.ts'
import type { ChunkTask, FromChunkWorker } from './chunk-protocol.ts'
import { memoryOf } from './chunk-protocol.ts'

interface TaskPort {
  postMessage(message: FromChunkWorker, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { data: ChunkTask }) => void): void
}

/** Runs a chunk worker: receives batches and returns them sealed. */
export function serveChunks(port: TaskPort): void {
  port.addEventListener('message', ({ data: { slotNumber, slot, batch } }) => {
    const result = sealBatch(nobleChunkCipher, slot, batch)
    // The message contained this thread's own copy of the payload key.
    batch.key.fill(0)
    port.postMessage({ slotNumber, slot, result }, memoryOf(slot))
  })
  port.postMessage('ready', [])
}
