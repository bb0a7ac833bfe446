import { dayOfInstant } from '../../time/day.ts'
import { Backoff } from './backoff.ts'
import { startChunkEngine } from './chunk-engine.ts'
import chunkWorkerUrl from './chunk-worker.ts?worker&url'
import { serveSealer } from './sealer-host.ts'
import { trustOnly } from './trusted-url.ts'
import { createExchange } from './xhr-exchange.ts'

const trustedChunkWorkerUrl = trustOnly(chunkWorkerUrl)

const loadRest = () => import('./rest-of-worker.ts')

const loadTrust = () => import('./trusted-keyring.ts')
// Loaded at once, because the page fetches the keyring meanwhile. A failed load is repeated later.
loadTrust().catch(() => undefined)

serveSealer(globalThis, {
  loadRootKey: async () => (await import('/assets/root-key.js')).rootKey,
  origin: location.origin,
  online: globalThis,
  fetch: (...request) => fetch(...request),
  exchange: createExchange(() => new XMLHttpRequest()),
  startEngine: (cipher) =>
    startChunkEngine(() => new Worker(trustedChunkWorkerUrl(), { type: 'module' }), cipher),
  loadFastBulk: loadRest,
  backoff: new Backoff(),
  loadUpload: loadRest,
  loadSolver: loadRest,
  loadSeal: loadRest,
  loadTrust,
  loadReplies: loadRest,
  loadClean: loadRest,
  today: () => dayOfInstant(new Date()),
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  indexWaitMs: 15_000,
})
