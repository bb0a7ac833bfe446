import type { BenchRow } from '../report.ts'
import { measureInBrowsers } from './in-browsers.ts'
import type { SealingSpeeds } from './measure-sealing.ts'
import type { BenchSite } from './site.ts'

/**
 * Sealing in the page's own workers, in MB/s, compared with plain noble and with WebCrypto AES-GCM
 * on the same chunks.
 */
export async function benchSpeeds(site: BenchSite): Promise<BenchRow[]> {
  return await measureInBrowsers<SealingSpeeds>(site, 'bench/page/sealing-page.ts', rowsOf)
}

function rowsOf(name: string, speeds: SealingSpeeds): BenchRow[] {
  const { ours, oursInOneThread, rawNoble, sha256, webCryptoAesGcm, hasWorkers } = speeds
  if (!hasWorkers) throw new Error(`${name}: the chunk workers did not start`)
  const row = (what: string, value: number, baseline: number | null): BenchRow => ({
    name: `${what}, ${name}`,
    value,
    unit: 'MB/s',
    baseline,
    ratio: baseline === null ? null : value / baseline,
    goal: '',
  })
  return [
    row('sealing on two workers against raw noble', ours, rawNoble),
    row('sealing in one thread against raw noble', oursInOneThread, rawNoble),
    row('sealing on two workers against WebCrypto AES-GCM', ours, webCryptoAesGcm),
    row('SHA-256', sha256, null),
  ]
}
