/** The page's sealing under Node: `node bench/page/sealing.ts` prints MB/s as JSON. */
import { Worker } from 'node:worker_threads'
import type { ChunkThread } from '../../src/page/sealing/chunk-threads.ts'
import { measureSealing } from './measure-sealing.ts'

const workers: Worker[] = []

/** Node's threads, with the events of a browser's worker. */
function spawn(): ChunkThread {
  const worker = new Worker(new URL('./node-chunk-thread.ts', import.meta.url))
  workers.push(worker)
  return {
    postMessage: (task, transfer) => worker.postMessage(task, transfer),
    addEventListener(type: string, listener: (event: never) => void) {
      worker.on(type, (value: unknown) =>
        listener((type === 'message' ? { data: value } : { preventDefault() {} }) as never),
      )
    },
    terminate: () => void worker.terminate(),
  }
}

console.log(JSON.stringify(await measureSealing(spawn), null, 2))
for (const worker of workers) worker.unref()
