import type { Sealer } from './sealer.ts'
import { connectSealer, type SealingWorker } from './sealer-client.ts'
import { trustOnly } from './trusted-url.ts'
import workerUrl from './worker.ts?worker&url'

const trustedWorkerUrl = trustOnly(workerUrl)

/**
 * Starts the sealing worker. Start another one only after this one was closed or reported `BROKEN`.
 */
export function startSealer(): Sealer {
  return connectSealer(startWorker())
}

/** Some browsers have no workers, and others refuse to make one; both are reported in one way. */
function startWorker(): SealingWorker {
  try {
    return new Worker(trustedWorkerUrl(), { type: 'module' })
  } catch {
    return deadWorker
  }
}

const deadWorker: SealingWorker = {
  postMessage() {},
  terminate() {},
  addEventListener(type: string, listener: (event: never) => void) {
    if (type === 'error') queueMicrotask(() => listener(new Event('error') as never))
  },
}
