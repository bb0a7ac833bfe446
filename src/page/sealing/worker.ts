import { dayOfInstant } from '../../time/day.ts'
import { Backoff } from './backoff.ts'
import { startChunkEngine } from './chunk-engine.ts'
import chunkWorkerUrl from './chunk-worker.ts?worker&url'
import { serveSealer } from './sealer-host.ts'
import { trustOnly } from './trusted-url.ts'
import { createExchange } from './xhr-exchange.ts'

const trustedChunkWorkerUrl = trustOnly(chunkWorkerUrl)

serveSealer(globalThis, {
  loadRootKey: async () => (await import('/assets/root-key.js')).rootKey,
  origin: location.origin,
  online: globalThis,
  fetch: (...request) => fetch(...request),
  exchange: createExchange(() => new XMLHttpRequest()),
  startEngine: (cipher) =>
    startChunkEngine(() => new Worker(trustedChunkWorkerUrl(), { type: 'module' }), cipher),
  loadFastBulk: () => import('./fast-bulk.ts'),
  backoff: new Backoff(),
  loadUpload: () => import('./upload-round.ts'),
  loadSolver: () => import('./solve-in-page.ts'),
  loadSeal: () => import('./seal-envelope.ts'),
  loadTrust: () => import('./trusted-keyring.ts'),
  loadReplies: () => import('./replies-code.ts'),
  loadClean: () => import('../../cleaning/clean.ts'),
  today: () => dayOfInstant(new Date()),
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  indexWaitMs: 15_000,
})
