import type { KeyringFiles } from './fetch-keyring.ts'
import { fetchKeyring } from './fetch-keyring.ts'
import type { Sealer } from './sealer.ts'
import { ROOT_KEY_NAME } from '../root-key.ts'
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
  let early: Promise<KeyringFiles> | null = fetchServedKeyring()
  // Its failure is reported when the keyring is asked for.
  early.catch(() => undefined)
  return connectSealer(worker, {
    rootKey: document.querySelector(`meta[name="${ROOT_KEY_NAME}"]`)?.getAttribute('content') ?? '',
    fetchKeyring() {
      const fetched = early ?? fetchServedKeyring()
      early = null
      return fetched
    },
  })
}

const fetchServedKeyring = (): Promise<KeyringFiles> =>
  fetchKeyring({ fetch: (...request) => fetch(...request), origin: location.origin })

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
