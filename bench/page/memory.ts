import { truncateSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseFiles, type, untilThere } from '../../test/browser/support/acts.ts'
import type { Launched } from '../../test/browser/support/launch.ts'
import { onionUrl } from '../../test/browser/support/proxy.ts'
import { stopWatchingRequests } from '../../test/browser/support/unwatched.ts'
import type { BenchRow } from '../report.ts'
import type { BenchSite } from './site.ts'

const fileBytes = 1024 ** 3
const withinMs = 20 * 60_000
const sampleMs = 200

/** The peak memory that sealing and sending 1 GiB adds to all processes of a browser, in MiB. */
export async function benchMemory(site: BenchSite): Promise<BenchRow[]> {
  const path = join(site.folder, 'video.bin')
  writeFileSync(path, '')
  truncateSync(path, fileBytes)
  const rows: BenchRow[] = []
  for (const browser of ['chromium', 'firefox'] as const) {
    const launched = await site.open({ browser, level: 'standard', isSlow: false })
    try {
      const { addedMiB, seconds } = await sendAndWatch(launched, path)
      const name = browser === 'chromium' ? 'Chromium' : 'Firefox'
      rows.push({
        name: `memory that 1 GiB adds, ${name}`,
        value: addedMiB,
        unit: 'MiB',
        baseline: null,
        ratio: null,
        goal: '≤ 200 MiB',
      })
      rows.push({
        name: `1 GiB from choosing the file to the receipt, ${name}`,
        value: fileBytes / 1e6 / seconds,
        unit: 'MB/s',
        baseline: null,
        ratio: null,
        goal: '',
      })
    } finally {
      await launched.dispose()
    }
  }
  return rows
}

async function sendAndWatch(
  launched: Launched,
  path: string,
): Promise<{ addedMiB: number; seconds: number }> {
  const page = await launched.newPage()
  await page.goto(`${onionUrl}/en/`)
  await untilThere(page, '[data-keyring="ready"]', withinMs)
  await type(page, '#narrative', 'A video of 1 GiB.')
  await stopWatchingRequests(launched.browser, page)
  const pid = launched.browser.process()?.pid ?? 0
  const before = await proportionalMiB(pid)
  let peak = before
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await proportionalMiB(pid))
      await new Promise((resolve) => setTimeout(resolve, sampleMs))
    }
  })()
  const start = performance.now()
  await chooseFiles(page, '#files', path)
  await untilThere(page, '[data-file-state="ready"]', withinMs)
  await page.click('label[for="consentChoice-ask_me"]')
  await page.click('#send')
  await untilThere(page, '#has-receipt', withinMs)
  const seconds = (performance.now() - start) / 1000
  isOver = true
  await watching
  return { addedMiB: peak - before, seconds }
}

/**
 * Proportional set size (`smaps_rollup`) of a process and its descendants: shared pages count once.
 */
async function proportionalMiB(root: number): Promise<number> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isBelow = (pid: number): boolean =>
    pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0))
  let kib = 0
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kib += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0)
  }
  return kib / 1024
}
