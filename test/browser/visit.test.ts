import { writeFile } from 'node:fs/promises'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../supervise/start.ts'
import { click, isThere, press, textOf, type, untilThere } from './support/acts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import { pictureWithPlace } from './support/pictures.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import {
  chooseTipFiles,
  goToSourcePage,
  hooks,
  openSourcePage,
  send,
  untilReceipt,
  untilSays,
} from './support/source-page.ts'
import { wordsOf } from './support/words.ts'

/** A visit by keyboard alone, in another language, and one that is left in a hurry. */

const narrative = 'They came at night. 세 사람입니다.'

let site: Site
beforeAll(async () => {
  site = await startSite()
  await writeFile(site.at('photo.jpg'), pictureWithPlace())
})
afterAll(() => site?.close())

const narrativeOf = (page: Page) =>
  page.evaluate(
    (selector) => document.querySelector<HTMLTextAreaElement>(selector)?.value,
    hooks.narrative,
  )

describe.each(browserNames.filter(isInstalled))('a visit in %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    // Drivers turn off the confirmation that a person would see.
    launched = await launch({
      browser,
      level: 'standard',
      proxyAddress: site.proxy.address,
      prefs: {
        'dom.disable_beforeunload': false,
        'dom.require_user_interaction_for_beforeunload': true,
      },
    })
  }, 90_000)
  afterAll(() => launched?.dispose())

  it('leads from the start to the receipt by keyboard alone', async () => {
    const source = await openSourcePage(launched, 'en')
    const { page } = source
    await untilThere(page, hooks.keyringReady)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#main')
    await tabTo(page, hooks.narrative)
    await page.keyboard.type(narrative)
    await tabTo(page, hooks.name)
    await page.keyboard.type('리영희')
    await tabTo(page, '#stillHeld-yes, #stillHeld-no, #stillHeld-unsure')
    await page.keyboard.press(' ')
    await tabTo(page, hooks.files)
    await tabTo(page, '[name="consentChoice"]')
    await page.keyboard.press(' ')
    await tabTo(page, hooks.send)
    await page.keyboard.press('Enter')
    const receipt = await untilReceipt(source)
    // The element where a screen reader continues reading.
    await until(
      () => page.evaluate(() => document.activeElement?.matches('main, main h1') === true),
      () => 'the receipt to have the focus',
    )
    await site.untilStored(receipt)
    expect((await site.openTip(receipt)).tip).toMatchObject({
      narrative,
      urgent_now: expect.anything(),
    })
    await page.close()
  }, 120_000)

  it('shows where the focus is, at every stop', async () => {
    const { page } = await openSourcePage(launched, 'en')
    await untilThere(page, hooks.keyringReady)
    const unseen: string[] = []
    for (let stops = 0; stops < 60; stops += 1) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate(focusedLook)
      if (stop === null) break
      if (!stop.isSeen) unseen.push(stop.name)
    }
    expect(unseen).toEqual([])
    await page.close()
  })

  it('keeps what was typed when the language changes', async () => {
    const source = await openSourcePage(launched, 'ko')
    const { page } = source
    await type(page, hooks.narrative, narrative)
    await type(page, hooks.name, '리영희')
    await chooseTipFiles(source, site.at('photo.jpg'))
    await click(page, 'nav a[hreflang="zh-Hans"]')
    await until(
      async () => (await page.evaluate(() => document.documentElement.lang)) === 'zh-Hans',
      () => 'the Chinese page',
    )
    expect(await textOf(page, 'main')).toContain(wordsOf('zh').form.ask.narrative)
    expect(await narrativeOf(page)).toBe(narrative)
    expect(
      await page.evaluate(
        (selector) => document.querySelector<HTMLInputElement>(selector)?.value,
        hooks.name,
      ),
    ).toBe('리영희')
    expect(await textOf(page, '.file-list')).toContain('photo.jpg')
    expect(await page.evaluate(() => location.pathname)).toBe('/zh/')
    await click(page, 'nav a[hreflang="ug"]')
    await until(
      async () => (await page.evaluate(() => document.documentElement.dir)) === 'rtl',
      () => 'the Uyghur page',
    )
    expect(await narrativeOf(page)).toBe(narrative)
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await page.close()
  })

  it('asks for confirmation before typed text is lost', async () => {
    const { page } = await openSourcePage(launched, 'en')
    await type(page, hooks.narrative, narrative)
    const asked = Promise.withResolvers<string>()
    page.on('dialog', (dialog) => {
      asked.resolve(dialog.type())
      void dialog.dismiss()
    })
    await press(page, 'footer a[href^="/receipts"]')
    expect(await asked.promise).toBe('beforeunload')
    expect(await narrativeOf(page)).toBe(narrative)
    expect(await page.evaluate(() => location.pathname)).toBe('/en/')
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await page.close()
  })

  it('asks for no confirmation when nothing was typed', async () => {
    const { page } = await openSourcePage(launched, 'en')
    const seen: string[] = []
    page.on('dialog', (dialog) => {
      seen.push(dialog.type())
      void dialog.accept()
    })
    await click(page, hooks.narrative)
    await press(page, 'footer a[href^="/receipts"]')
    await untilThere(page, 'form [name=receipt]')
    expect(seen).toEqual([])
    await page.close()
  })

  const waysOut: [string, (page: Page) => Promise<void>][] = [
    [
      'Escape three times',
      async (page) => {
        for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape')
      },
    ],
    ['the link', (page) => click(page, 'a.leave')],
  ]
  it.each(waysOut)(
    'is over at once by %s, with no way back',
    async (_name, leave) => {
      const page = await launched.newPage()
      await page.goto(`${onionUrl}/receipts?lang=en`)
      await goToSourcePage(page, 'en')
      await type(page, hooks.narrative, narrative)
      const seen: string[] = []
      page.on('dialog', (dialog) => {
        seen.push(dialog.type())
        void dialog.accept()
      })
      await leave(page)
      await until(
        () => page.url() === 'about:blank',
        () => `about:blank, not ${page.url()}`,
      )
      await page.goBack().catch(() => null)
      await until(
        async () => await isThere(page, 'body').catch(() => false),
        () => 'a page',
      )
      expect(page.url()).not.toContain('/en/')
      expect(await page.content()).not.toContain('They came at night')
      expect(seen).toEqual([])
      await page.close()
    },
    60_000,
  )

  it('forgets everything when it is cleared, even when a person goes back', async () => {
    const source = await openSourcePage(launched, 'en')
    const { page, words } = source
    await type(page, hooks.narrative, narrative)
    await send(source)
    const receipt = await untilReceipt(source)
    await click(page, hooks.clear)
    await untilSays(page, words.page.receipt.cleared)
    await page.goto(`${onionUrl}/receipts?lang=en`)
    await page.goBack()
    await untilThere(page, 'main h1')
    const html = await page.content()
    expect(
      [narrative, receipt, receipt.slice(0, 4)].filter((trace) => html.includes(trace)),
    ).toEqual([])
    expect(await narrativeOf(page)).not.toBe(narrative)
    await page.close()
  }, 90_000)
})

/** Presses Tab until the element has the focus, at most once around the page. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const isHere = (wanted: string): boolean => document.activeElement?.matches(wanted) === true
  for (let stops = 0; stops < 80; stops += 1) {
    if (await page.evaluate(isHere, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${selector}`)
}

/**
 * Whether the focused element, or its label, looks different from its unfocused state; null at the
 * end of the page.
 */
function focusedLook(): { name: string; isSeen: boolean } | null {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const shown = element.closest('label') ?? element
  const looks = [element, shown].map((one) => getComputedStyle(one))
  const box = shown.getBoundingClientRect()
  const isDrawn = looks.some(
    ({ outlineStyle, outlineWidth, boxShadow }) =>
      (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
  )
  const isInView = box.bottom > 0 && box.top < innerHeight && box.width > 0
  return {
    name: `${element.tagName} ${element.id} ${(element.textContent ?? '').slice(0, 30)}`,
    isSeen: isDrawn && isInView,
  }
}
