/** `npm run bench:casebook`: 5,000 cases in real browsers, opened from disk. */
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { browserNames } from '../../test/browser/support/installed.ts'
import { launch } from '../../test/browser/support/launch.ts'
import { openOnionProxy } from '../../test/browser/support/proxy.ts'
import type { BenchRow } from '../report.ts'
import { runSections } from '../report.ts'
import { makeLargeCasebook } from './large-casebook.ts'
import { timeToInteractive } from './time-to-interactive.ts'

const pages = [
  'index.html',
  'site/tier-0.html',
  'site/list.html',
  'site/places.html',
  'site/persons.html',
  'site/alike.html',
  'site/groups.html',
  'site/timeline.html',
  'site/counts.html',
] as const
const row = (name: string, value: number, unit: string, goal = ''): BenchRow => ({
  name,
  value,
  unit,
  baseline: null,
  ratio: null,
  goal,
})

process.stderr.write('making a casebook of 5,000 cases…\n')
const casebook = await makeLargeCasebook()
const emptyPage = 'empty.html'
await writeFile(join(casebook.folder, emptyPage), '<!doctype html><title>empty</title>')
const proxy = await openOnionProxy(9)

async function benchBrowsers(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const browser of browserNames) {
    const launched = await launch({ browser, level: 'standard', proxyAddress: proxy.address })
    try {
      const measure = async (page: string) =>
        (await timeToInteractive(launched, join(casebook.folder, page))).interactive
      const baseline = await measure(emptyPage)
      for (const page of pages)
        rows.push({ ...row(`${page}, ${browser}`, await measure(page), 's', '≤ 2 s'), baseline })
    } finally {
      await launched.dispose()
    }
  }
  return rows
}

async function benchMaking(): Promise<BenchRow[]> {
  const sizes = await Promise.all(
    pages.map(async (page) =>
      row(`size of ${page}`, (await stat(join(casebook.folder, page))).size / 1000, 'kB'),
    ),
  )
  return [
    row(`tumen case refresh, ${casebook.pages.toLocaleString('en')} pages`, casebook.refresh, 's'),
    row('the first one, which notes the tier of every case', casebook.firstRefresh, 's'),
    ...sizes,
  ]
}

try {
  await runSections(
    [
      {
        title: 'Casebook: making it',
        how: '5,000 generated cases with narratives of 60 to 8,000 characters; one run. Includes reading every case, index.sqlite, the pages and fsync. `npm run bench:casebook`.',
        measure: benchMaking,
      },
      {
        title: 'Casebook: time to interactive',
        how: 'The same casebook from the disk: from the address until the page is loaded and drawn and, where it has a search, until the first key typed into it is answered and drawn; medians of 3 tabs, the driving of the browser included. The baseline is an empty page opened in the same way. `npm run bench:casebook`.',
        measure: benchBrowsers,
      },
    ],
    ['chromium', 'firefox-esr'],
  )
} finally {
  await proxy.close()
  await casebook.close()
}
