import { parentPort } from 'node:worker_threads'
import { AgeError } from './errors.ts'
import { nodeChunkCipher } from './node-cipher.ts'
import type { PlacedPayload } from './place-work.ts'
import { digestRange, sealShare } from './place-work.ts'
import type { FileRange } from './stream.ts'
import { newSlot } from './stream.ts'

/** What a thread does: first the digests of `files`, then its share of the payload. */
export interface PlaceTask {
  files: readonly FileRange[]
  payload: PlacedPayload
  /** The number of chunks of the payload. */
  end: number
  shared: Int32Array
}

/** `digests` come before the thread's share, `done` or `failed` at the end. */
export type FromPlaceWorker =
  | { type: 'digests'; digests: string[] }
  | { type: 'done' }
  | { type: 'failed'; isSourceChanged: boolean; message: string; code: string | undefined }

parentPort?.once('message', ({ files, payload, end, shared }: PlaceTask) => {
  const port = parentPort
  try {
    if (files.length > 0) port?.postMessage({ type: 'digests', digests: files.map(digestRange) })
    sealShare(nodeChunkCipher, newSlot(), payload, end, shared)
    port?.postMessage({ type: 'done' })
  } catch (error) {
    // An error loses its class and code on the way to another thread.
    const { message, code } = error as NodeJS.ErrnoException
    const isSourceChanged = error instanceof AgeError
    port?.postMessage({ type: 'failed', isSourceChanged, message, code })
  } finally {
    payload.key.fill(0)
  }
})
