import { solveInNode } from '../../src/proof-of-work/solve-in-node.ts'
import type { BenchRow } from '../report.ts'
import { measureInBrowsers } from './in-browsers.ts'
import { measureProof, type ProofTimes } from './measure-proof.ts'
import type { BenchSite } from './site.ts'

/** A phone may take five times as long, and people are told that it takes at most 20 s. */
const goal = '≤ 4 s'

export async function benchProof(site: BenchSite): Promise<BenchRow[]> {
  return [
    ...(await measureInBrowsers<ProofTimes>(site, 'bench/page/proof-page.ts', rowsOf)),
    ...rowsOf('Node', await measureProof(solveInNode)),
  ]
}

function rowsOf(name: string, { ours, webCrypto }: ProofTimes): BenchRow[] {
  return [
    {
      name: `the longest proof, ${name}`,
      value: ours,
      unit: 's',
      baseline: webCrypto,
      ratio: webCrypto === null ? null : ours / webCrypto,
      goal,
    },
  ]
}
