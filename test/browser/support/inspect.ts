import type { Page } from 'puppeteer-core'
import { photograph } from './artefacts.ts'
import { violationsOf } from './axe.ts'
import { desktop, phone } from './launch.ts'
import type { Size } from './launch.ts'

/** 320 CSS pixels: the smallest phone, and 1280 at 400 % zoom (WCAG 2.2 §1.4.10). */
const narrow = { width: 320, height: 640 }

/**
 * Checks a state for accessibility: what axe finds in light and dark, and whether anything makes a
 * narrow page scroll sideways. Saves screenshots of it.
 *
 * @returns one line for each problem
 */
export async function inspect(
  page: Page,
  name: string,
  options: { hasDark: boolean },
): Promise<string[]> {
  const problems: string[] = []
  for (const scheme of options.hasDark ? ['light', 'dark'] : ['light']) {
    if (options.hasDark)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    for (const [label, size] of [
      ['phone', phone],
      ['desktop', desktop],
    ] as const) {
      await page.setViewport(size)
      await photograph(page, `${name}-${label}${scheme === 'dark' ? '-dark' : ''}`)
      // Colours do not depend on the size, and everything else does not depend on the colour
      // scheme.
      if ((scheme === 'light') === (label === 'phone'))
        problems.push(...(await violationsOf(page)).map((line) => `${scheme} ${label}: ${line}`))
    }
  }
  if (options.hasDark)
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
  problems.push(...(await spillsOf(page, phone)), ...(await spillsOf(page, narrow)))
  await page.setViewport(desktop)
  return problems
}

/** Elements that overflow the page, or the box that contains them. */
async function spillsOf(page: Page, size: Size): Promise<string[]> {
  await page.setViewport(size)
  return await page.evaluate((width) => {
    const { scrollWidth, clientWidth } = document.documentElement
    // Only visible boxes count: an element without a border may be as wide as its parent.
    const isSpilling = (element: Element): boolean => {
      const { overflowX, borderInlineEndWidth } = getComputedStyle(element)
      return (
        element.clientWidth > 0 &&
        element.scrollWidth > element.clientWidth + 1 &&
        overflowX === 'visible' &&
        borderInlineEndWidth !== '0px'
      )
    }
    const spills = [...document.querySelectorAll('body *')].filter(
      (element) => element.checkVisibility() && isSpilling(element),
    )
    const innermost = spills.filter(
      (element) => !spills.some((other) => other !== element && element.contains(other)),
    )
    const wide = scrollWidth > clientWidth ? [`${scrollWidth} px wide at ${width} px`] : []
    return [
      ...wide,
      ...innermost.map(
        (element) => `too wide for its box at ${width} px: ${element.outerHTML.slice(0, 120)}`,
      ),
    ]
  }, size.width)
}
