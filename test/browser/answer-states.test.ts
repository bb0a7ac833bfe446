import { readFile } from 'node:fs/promises'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { App } from '../../src/page/app/app.ts'
import { LANGUAGE_DIRECTIONS, LANGUAGE_TAGS, LANGUAGES } from '../../src/page/languages.ts'
import { noActions, statesIn } from '../page/app/states.ts'
import { colourRules, violationsOf } from './support/axe.ts'
import { isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { desktop, launch, phone } from './support/launch.ts'

/**
 * Every state of words and answers in every language, drawn by the page's own code and checked by
 * axe. Other tests reach some of these states through a real server.
 */

/** The states by the start of their names. */
const isTwoWay = (name: string): boolean =>
  /^(words|entering|typing|answers|older|nothing (new|found|for)|no index|follow-up|asking)/.test(
    name,
  )

describe.skipIf(!isInstalled('chromium'))('words and answers', () => {
  let launched: Launched
  let page: Page
  beforeAll(async () => {
    launched = await launch({
      browser: 'chromium',
      level: 'standard',
      // Nothing is fetched.
      proxyAddress: '127.0.0.1:9',
    })
    page = await launched.newPage(phone)
  }, 90_000)
  afterAll(() => launched?.dispose())

  it.each([...LANGUAGES])(
    'have no violation in any state in %s',
    async (language) => {
      const style = await readFile('dist/page/assets/style.css', 'utf8')
      const states = Object.entries(await statesIn(language)).filter(([name]) => isTwoWay(name))
      expect(states.length).toBeGreaterThan(15)
      const found: string[] = []
      for (const [name, state] of states) {
        const body = renderToString(h(App, { state, actions: noActions }))
        const [tag, direction] = [LANGUAGE_TAGS[language], LANGUAGE_DIRECTIONS[language]]
        await page.setContent(
          `<!doctype html><html lang="${tag}" dir="${direction}"><head><title>x</title>` +
            `<meta name="viewport" content="width=device-width"><style>${style}</style></head>` +
            `<body><div id="page">${body}</div></body></html>`,
        )
        await page.setViewport(phone)
        found.push(...(await violationsOf(page)).map((line) => `${name}: ${line}`))
        const isWide = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        if (isWide) found.push(`${name}: scrolls sideways`)
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
        await page.setViewport(desktop)
        found.push(
          ...(await violationsOf(page, colourRules)).map((line) => `${name}, dark: ${line}`),
        )
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
      }
      expect(found).toEqual([])
    },
    120_000,
  )
})
