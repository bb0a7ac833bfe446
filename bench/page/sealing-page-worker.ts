import type { ChunkThread } from '../../src/page/sealing/chunk-threads.ts'
import { measureSealing } from './measure-sealing.ts'

const spawn = () =>
  new Worker(new URL('../../src/page/sealing/chunk-worker.ts', import.meta.url), {
    type: 'module',
  }) as ChunkThread

postMessage(await measureSealing(spawn))
