import { dayOfInstant } from '../../time/day.ts'
import { startChunkThreads } from './chunk-threads.ts'
import chunkWorkerUrl from './chunk-worker.ts?worker&url'
import { trustOnly } from './trusted-url.ts'
import { serveWorker } from './worker-host.ts'

const trustedChunkWorkerUrl = trustOnly(chunkWorkerUrl)

serveWorker(globalThis, {
  today: () => dayOfInstant(new Date()),
  loadRest: async () => (await import('./rest-of-worker.ts')).startHost,
  startThreads: () =>
    startChunkThreads(() => new Worker(trustedChunkWorkerUrl(), { type: 'module' })),
})
