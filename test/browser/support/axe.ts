import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'puppeteer-core'

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

interface AxeResults {
  violations: {
    id: string
    help: string
    nodes: { target: unknown[]; html: string; failureSummary?: string }[]
  }[]
  passes: unknown[]
}

interface WithAxe {
  axe?: { run(context: Document, options: object): Promise<AxeResults> }
}

/** WCAG 2.2 AA, and axe's own best practices. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The rules whose result depends on the colour scheme. */
export const colourRules = {
  type: 'rule',
  values: ['color-contrast', 'link-in-text-block'],
} as const

/** One line for each violation; tests expect an empty list. Needs a page that may run scripts. */
export async function violationsOf(
  page: Page,
  rules: readonly string[] | typeof colourRules = tags,
): Promise<string[]> {
  // axe reports elements that the edge of the window cuts off as too small to touch.
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
  // Not through a <script> element: the page's content security policy rightly refuses it.
  if (!(await page.evaluate(() => (globalThis as WithAxe).axe !== undefined)))
    await page.evaluate(axeSource)
  const results = await page.evaluate(async (runOnly) => {
    const { axe } = globalThis as WithAxe
    if (axe === undefined) throw new Error('axe was not loaded')
    const { violations, passes } = await axe.run(document, { runOnly, resultTypes: ['violations'] })
    // axe reports elements that the edge of the window cuts through as too small to touch.
    const isCut = (selector: unknown) => {
      const box = document.querySelector(String(selector))?.getBoundingClientRect()
      return box !== undefined && box.top < innerHeight && box.bottom > innerHeight
    }
    for (const violation of violations)
      if (violation.id === 'target-size')
        violation.nodes = violation.nodes.filter(({ target }) => !isCut(target[0]))
    return {
      violations: violations
        .filter(({ nodes }) => nodes.length > 0)
        .map(
          ({ id, help, nodes }) =>
            `${id}: ${help}: ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 160)}`).join(' | ')}`,
        ),
      passes: passes.length,
    }
  }, rules)
  if (results.passes === 0) throw new Error('axe checked nothing')
  return results.violations
}
