import { beforeAll, describe, expect, it } from 'vitest'
import type { Reach } from '../../support/bundle.ts'
import { reachOf } from '../../support/bundle.ts'

// The worker scripts themselves only connect these modules to a browser's globals.
const worker = [
  'src/page/sealing/worker-host.ts',
  'src/page/sealing/sealer-host.ts',
  'src/page/sealing/chunk-engine.ts',
  'src/page/sealing/xhr-exchange.ts',
]
const chunkWorker = ['src/page/sealing/serve-chunks.ts']
const mainThread = ['src/page/sealing/sealer-client.ts', 'src/page/sealing/trusted-url.ts']

describe('the sealing worker', () => {
  let reach: Reach
  beforeAll(async () => {
    reach = await reachOf([...worker, ...chunkWorker, ...mainThread], { throughPackages: true })
  })

  it('imports no module of Node, no schema library and no other provider', () => {
    expect(reach.builtins).toEqual([])
    expect(reach.packages).toEqual([
      '@noble/ciphers',
      '@noble/curves',
      '@noble/hashes',
      '@noble/post-quantum',
      '@scure/base',
      // The upload, and what its client needs.
      'js-base64',
      'querystringify',
      'requires-port',
      'tus-js-client',
      'url-parse',
    ])
  })
})
