import type { Page } from 'puppeteer-core'
import { dropsPerBundle } from '../../src/replies/bounds.ts'
import { carryDrops, dropOf } from '../../test/browser/support/carry-answers.ts'
import { launch } from '../../test/browser/support/launch.ts'
import { onionUrl } from '../../test/browser/support/proxy.ts'
import { startSite } from '../../test/browser/support/site.ts'
import { drawWords } from '../../test/browser/support/two-way.ts'
import type { BenchRow } from '../report.ts'
import { circuit } from './site.ts'
import { openSlowLine } from './slow-line.ts'
import { medianOf, visits } from './time-to-use.ts'

/**
 * Seconds from the page's first byte until an answer is shown to somebody whose words are entered at
 * once: in the newest drop, and in the last of a full bundle.
 */
export async function benchTimeToAnswers(): Promise<BenchRow[]> {
  const site = await startSite({ keepsConnections: true })
  const [newest, last, others] = [drawWords(), drawWords(), drawWords()]
  const groups = Array.from({ length: dropsPerBundle }, () => others.group)
  const drops = await Promise.all(
    groups
      .with(0, newest.group)
      .with(dropsPerBundle - 1, last.group)
      .map((to) => dropOf({ to, text: 'x' })),
  )
  await carryDrops(site, 2, drops)
  const line = await openSlowLine(Number(site.proxy.address.split(':')[1]), circuit)
  const rows: BenchRow[] = []
  try {
    for (const { name, ...options } of visits) {
      const launched = await launch({ ...options, proxyAddress: `127.0.0.1:${line.port}` })
      for (const [where, { words }] of Object.entries({ newest, last }))
        rows.push({
          name: `answer in the ${where} drop, ${name}`,
          value: await medianOf(async () => {
            const page = await launched.newPage()
            const seconds = await secondsToAnswer(page, words)
            await page.close()
            return seconds
          }),
          unit: 's',
          baseline: null,
          ratio: null,
          goal: '≤ 15 s',
        })
      await launched.dispose()
    }
  } finally {
    line.close()
    await site.stop()
    await site.proxy.close()
  }
  return rows
}

async function secondsToAnswer(page: Page, words: readonly string[]): Promise<number> {
  await page.goto(`${onionUrl}/ko/answers`, { waitUntil: 'domcontentloaded', timeout: 60_000 })
  return await page.evaluate(async (text) => {
    const there = async <Part extends HTMLElement>(selector: string): Promise<Part> => {
      const endMs = performance.now() + 120_000
      while (performance.now() < endMs) {
        const part = document.querySelector<Part>(selector)
        if (part !== null) return part
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error(`${selector} did not come: ${document.body.innerText}`)
    }
    ;(await there('#type-words')).click()
    const field = await there<HTMLTextAreaElement>('#typed-words')
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    ;(await there('#look')).click()
    await there('[data-answer]')
    const [visit] = performance.getEntriesByType('navigation')
    return (performance.now() - (visit as PerformanceNavigationTiming).responseStart) / 1000
  }, words.join(' '))
}
