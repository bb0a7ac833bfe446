import type { ChunkCipher } from '../../age/stream.ts'
import { sealBatch } from '../../age/stream.ts'
import type { ChunkTask, FromChunkWorker } from './chunk-protocol.ts'
import { memoryOf } from './chunk-protocol.ts'
import { fastCipher } from './fast-cipher.ts'

interface TaskPort {
  postMessage(message: FromChunkWorker, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { data: ChunkTask }) => void): void
}

/**
 * Runs a chunk worker: receives batches and returns them sealed. noble is loaded only where the
 * fast cipher gives wrong answers, because each of the two workers would have to load it.
 */
export async function serveChunks(port: TaskPort, fast = fastCipher): Promise<void> {
  const cipher = fast ?? (await loadNoble())
  port.addEventListener('message', ({ data: { slotNumber, slot, batch } }) => {
    const result = sealBatch(cipher, slot, batch)
    // The message contained this thread's own copy of the payload key.
    batch.key.fill(0)
    port.postMessage({ slotNumber, slot, result }, memoryOf(slot))
  })
  // Tasks are sent only after this, so none arrives while noble is loaded.
  port.postMessage('ready', [])
}

async function loadNoble(): Promise<ChunkCipher> {
  const { nobleChunkCipher } = await import('../../age/noble-cipher.ts')
  return nobleChunkCipher
}
