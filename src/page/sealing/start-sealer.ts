import type { Sealer } from './sealer.ts'
import { connectSealer } from './sealer-client.ts'
import { trustOnly } from './trusted-url.ts'
import workerUrl from './worker.ts?worker&url'

const trustedWorkerUrl = trustOnly(workerUrl)

/**
 * Starts the sealing worker. Start another one only after this one was closed or reported `BROKEN`.
 */
export function startSealer(): Sealer {
  return connectSealer(new Worker(trustedWorkerUrl(), { type: 'module' }))
}
