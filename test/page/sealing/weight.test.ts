import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Reach } from '../../support/bundle.ts'
import { reachOf, root } from '../../support/bundle.ts'

// The workers themselves only put these to a browser's globals.
const worker = ['src/page/sealing/sealer-host.ts', 'src/page/sealing/chunk-engine.ts', 'src/page/sealing/xhr-exchange.ts']
const chunkWorker = ['src/page/sealing/serve-chunks.ts']
const mainThread = ['src/page/sealing/sealer-client.ts', 'src/page/sealing/trusted-url.ts']

async function gzippedBytes(entries: readonly string[]): Promise<number> {
  const contents = entries.map((entry, number) => `export * as part${number} from './${entry}'`).join('\n')
  const { outputFiles } = await build({ stdin: { contents, resolveDir: root }, bundle: true, minify: true, write: false, format: 'esm', logLevel: 'error' })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

describe('the sealing worker', () => {
  let reach: Reach
  beforeAll(async () => {
    reach = await reachOf([...worker, ...chunkWorker, ...mainThread], { throughPackages: true })
  })

  it('reaches no module of Node, no schema library and no other provider', () => {
    expect(reach.builtins).toEqual([])
    expect(reach.packages).toEqual(['@noble/ciphers', '@noble/curves', '@noble/hashes', '@noble/post-quantum', '@scure/base'])
  })

  it('is as light as first loads must be', async () => {
    const [sealing, chunks, page] = await Promise.all([worker, chunkWorker, mainThread].map(gzippedBytes)) as [number, number, number]
    console.log(`gzipped: worker ${sealing}, chunk worker ${chunks}, in the page ${page} bytes`)
    expect(sealing).toBeLessThan(38_000)
    expect(chunks).toBeLessThan(5_500)
    expect(page).toBeLessThan(1_200)
  })
})
