import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BenchRow } from '../report.ts'
import { measureInBrowsers } from './in-browsers.ts'
import type { PrimitiveSpeeds } from './measure-primitives.ts'
import type { BenchSite } from './site.ts'

/** The unrolled primitives against noble's, with and without a JIT. */
export async function benchPrimitives(site: BenchSite): Promise<BenchRow[]> {
  return [
    ...rowsOf('Node without JIT', await measureInNode('--jitless')),
    ...(await measureInBrowsers<PrimitiveSpeeds>(site, 'bench/page/primitives-page.ts', rowsOf)),
  ]
}

/** Bundled first, because Node strips types with WebAssembly, which it has only with a JIT. */
async function measureInNode(option: string): Promise<PrimitiveSpeeds> {
  const entry = fileURLToPath(new URL('./primitives-in-node.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  const output = execFileSync(process.execPath, [option, '--input-type=module', '-'], {
    input: outputFiles[0]?.text ?? '',
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return JSON.parse(output) as PrimitiveSpeeds
}

function rowsOf(name: string, { sha256, cipher }: PrimitiveSpeeds): BenchRow[] {
  const isInterpreted = /Safer|without JIT/.test(name)
  const row = (what: string, speeds: { ours: number; noble: number }, goal: string): BenchRow => ({
    name: `${what}, ${name}`,
    value: speeds.ours,
    unit: 'MB/s',
    baseline: speeds.noble,
    ratio: speeds.ours / speeds.noble,
    goal: isInterpreted ? goal : '≥ 1',
  })
  return [
    row('SHA-256 against noble', sha256, '≥ 2.5'),
    row('ChaCha20-Poly1305 against noble', cipher, '≥ 2.2'),
  ]
}
