import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onionUrl } from '../../test/browser/support/proxy.ts'
import type { Page } from 'puppeteer-core'
import type { BenchRow } from '../report.ts'
import { type BenchSite, circuit } from './site.ts'
import { openSlowLine } from './slow-line.ts'

const rounds = 3
/** The browsers and levels that are measured. */
export const visits = [
  { browser: 'chromium', level: 'standard', name: 'Chromium' },
  { browser: 'firefox', level: 'standard', name: 'Firefox' },
  { browser: 'firefox', level: 'safer', name: 'Firefox at Safer' },
] as const

/**
 * Seconds until a person can write, and until the text could be sealed, compared with one plain
 * response of the first load's size.
 */
export async function benchTimeToUse(site: BenchSite, firstBytes: number): Promise<BenchRow[]> {
  const bare = await medianOf(() => fetchBare(firstBytes))
  const rows: BenchRow[] = []
  for (const { name, ...options } of visits) {
    const seen = []
    for (let round = 0; round < rounds; round++) seen.push(await firstVisit(site, options))
    const row = (what: string, value: number): BenchRow => ({
      name: `${what}, ${name}`,
      value,
      unit: 's',
      baseline: bare,
      ratio: value / bare,
      goal: '',
    })
    rows.push(
      row('until the form is there', median(seen.map(({ form }) => form))),
      row('until it can seal (keyring checked)', median(seen.map(({ ready }) => ready))),
    )
  }
  return rows
}

/** In a browser that was just started: a later visit would find connections and files of this one. */
async function firstVisit(
  site: BenchSite,
  options: Pick<(typeof visits)[number], 'browser' | 'level'>,
): Promise<{ form: number; ready: number }> {
  const launched = await site.open({ ...options, isSlow: true })
  try {
    return await visit(await launched.newPage())
  } finally {
    await launched.dispose()
  }
}

async function visit(page: Page): Promise<{ form: number; ready: number }> {
  const start = performance.now()
  const seconds = (): number => (performance.now() - start) / 1000
  await page.goto(`${onionUrl}/ko/`, { waitUntil: 'domcontentloaded', timeout: 60_000 })
  const until = async (selector: string): Promise<number> => {
    while (!(await page.evaluate((wanted) => document.querySelector(wanted) !== null, selector)))
      await new Promise((resolve) => setTimeout(resolve, 20))
    return seconds()
  }
  const form = await until('form#tip #narrative')
  const ready = await until('[data-keyring="ready"]')
  return { form, ready }
}

/** Loads this many bytes in one response, over a line of the same kind. */
async function fetchBare(bytes: number): Promise<number> {
  const server = createServer((_request, response) => response.end(Buffer.alloc(bytes)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const line = await openSlowLine((server.address() as AddressInfo).port, circuit)
  const start = performance.now()
  await (await fetch(`http://127.0.0.1:${line.port}/`)).arrayBuffer()
  const seconds = (performance.now() - start) / 1000
  line.close()
  server.close()
  return seconds
}

/** The median of three measurements. */
export async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let round = 0; round < rounds; round++) values.push(await measure())
  return median(values)
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
