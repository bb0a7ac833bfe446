import { parentPort } from 'node:worker_threads'
import { AgeError } from './errors.ts'
import { nodeChunkCipher } from './node-cipher.ts'
import type { SharedWork } from './place-work.ts'
import { digestRange, sealNext, stopSealing } from './place-work.ts'
import type { FileRange } from './stream.ts'
import { newSlot } from './stream.ts'

export type ToPlaceWorker =
  | { type: 'digest'; files: readonly FileRange[] }
  | ({ type: 'seal' } & SharedWork)

export type FromPlaceWorker =
  | { type: 'digests'; digests: string[] }
  | { type: 'sealed' }
  | { type: 'failed'; isSourceChanged: boolean; message: string; code: string | undefined }

parentPort?.on('message', (task: ToPlaceWorker) => parentPort?.postMessage(answerTo(task)))

function answerTo(task: ToPlaceWorker): FromPlaceWorker {
  try {
    if (task.type === 'digest') return { type: 'digests', digests: task.files.map(digestRange) }
    sealShare(task)
    return { type: 'sealed' }
  } catch (error) {
    // An error loses its class and code on the way to another thread.
    const { message, code } = error as NodeJS.ErrnoException
    return { type: 'failed', isSourceChanged: error instanceof AgeError, message, code }
  }
}

function sealShare(work: SharedWork): void {
  const slot = newSlot()
  try {
    while (sealNext(nodeChunkCipher, slot, work));
  } catch (error) {
    stopSealing(work)
    throw error
  } finally {
    work.payload.key.fill(0)
  }
}
