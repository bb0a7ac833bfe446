import { fetchKeyring } from './fetch-keyring.ts'
import type { Sealer } from './sealer.ts'
import { connectSealer, type SealingWorker } from './sealer-client.ts'
import { trustOnly } from './trusted-url.ts'
import workerUrl from './worker.ts?worker&url'

const trustedWorkerUrl = trustOnly(workerUrl)

/**
 * Starts the sealing worker, and fetches the keyring while its code is loading. Start another one
 * only after this one was closed or reported `BROKEN`.
 */
export function startSealer(): Sealer {
  const worker = startWorker()
  // After a failure the worker fetches the keyring again, and reports what goes wrong.
  const fetched = fetchKeyring({
    fetch: (...request) => fetch(...request),
    origin: location.origin,
  }).catch(() => null)
  return connectSealer(worker, fetched)
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
