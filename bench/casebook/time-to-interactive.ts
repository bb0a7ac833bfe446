import { pathToFileURL } from 'node:url'
import type { Page } from 'puppeteer-core'
import type { Launched } from '../../test/browser/support/launch.ts'
import { median } from '../page/time-to-use.ts'

const rounds = 3

export interface Opened {
  /** Seconds until the page is loaded and rendered. */
  drawn: number
  /**
   * Seconds until a key typed into the search field has its result rendered; the same as `drawn` on
   * a page without a search.
   */
  interactive: number
}

/** The median over several visits, each in its own tab, from opening the address to the result. */
export async function timeToInteractive(launched: Launched, path: string): Promise<Opened> {
  const visits: Opened[] = []
  for (let round = 0; round < rounds; round += 1)
    visits.push(await visit(launched, pathToFileURL(path).href))
  return {
    drawn: median(visits.map(({ drawn }) => drawn)),
    interactive: median(visits.map(({ interactive }) => interactive)),
  }
}

async function visit(launched: Launched, url: string): Promise<Opened> {
  const page = await launched.newPage()
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  await page.goto(url, { waitUntil: 'load', timeout: 120_000 })
  await untilDrawn(page)
  const drawn = seconds()
  const hasSearch = await page.evaluate(() => document.querySelector('#search') !== null)
  if (hasSearch) await typeAndWait(page)
  const interactive = hasSearch ? seconds() : drawn
  await page.close()
  return { drawn, interactive }
}

async function typeAndWait(page: Page): Promise<void> {
  await page.focus('#search')
  const before = await page.evaluate(() => document.querySelector('#count')?.textContent ?? '')
  await page.keyboard.type('q')
  await page.evaluate(
    (old) =>
      new Promise<void>((resolve) => {
        const look = () =>
          document.querySelector('#count')?.textContent === old
            ? requestAnimationFrame(look)
            : resolve()
        look()
      }),
    before,
  )
  await untilDrawn(page)
}

/** The second animation frame starts when the first one is on the screen. */
function untilDrawn(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
      }),
  )
}
