import type { Page } from 'puppeteer-core'
import { photograph } from './artefacts.ts'
import { violationsOf } from './axe.ts'
import { desktop, phone } from './launch.ts'

/** 320 CSS pixels: the smallest phone, and 1280 at 400 % (WCAG 2.2 §1.4.10). */
const narrow = { width: 320, height: 640 }

/**
 * Looks at a state as people with other eyes do: what axe finds in light and dark, and whether
 * anything makes a narrow page scroll sideways. Leaves pictures of it.
 *
 * @returns one line a problem
 */
export async function inspect(page: Page, name: string, options: { hasDark: boolean }): Promise<string[]> {
  const problems: string[] = []
  for (const scheme of options.hasDark ? ['light', 'dark'] : ['light']) {
    if (options.hasDark) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    for (const [label, size] of [['phone', phone], ['desktop', desktop]] as const) {
      await page.setViewport(size)
      await photograph(page, `${name}-${label}${scheme === 'dark' ? '-dark' : ''}`)
      // Colours are the same at every size, everything else the same in every colour.
      if ((scheme === 'light') === (label === 'phone')) problems.push(...(await violationsOf(page)).map((line) => `${scheme} ${label}: ${line}`))
    }
  }
  if (options.hasDark) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
  problems.push(...(await widerThanPage(page)))
  return problems
}

export async function widerThanPage(page: Page): Promise<string[]> {
  await page.setViewport(narrow)
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const beyond = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1 || element.getBoundingClientRect().left < -1)
    return [`${scrollWidth} px wide at ${clientWidth} px: ${beyond.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)).join(' | ')}`]
  })
  await page.setViewport(desktop)
  return wide
}
