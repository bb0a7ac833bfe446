import { cleanFile } from '../../cleaning/clean.ts'
import { dayOfInstant } from '../../time/day.ts'
import { Backoff } from './backoff.ts'
import { engineOn } from './chunk-engine.ts'
import type { ChunkThreads } from './chunk-threads.ts'
import type { WorkerPort } from './protocol.ts'
import { SealerHost } from './sealer-host.ts'
import { createExchange } from './xhr-exchange.ts'

/**
 * All code that the worker loads while the person is writing, in one file: over Tor, each further
 * file costs as much time as 100 kB of one.
 */

export const startHost = (port: WorkerPort, threads: ChunkThreads): SealerHost =>
  new SealerHost(port, {
    origin: location.origin,
    online: globalThis,
    fetch: (...request) => fetch(...request),
    exchange: createExchange(() => new XMLHttpRequest()),
    startEngine: async (cipher) => engineOn(await threads, cipher),
    backoff: new Backoff(),
    clean: cleanFile,
    today: () => dayOfInstant(new Date()),
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    indexWaitMs: 15_000,
  })
