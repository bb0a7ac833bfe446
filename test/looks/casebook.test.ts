import type { HTTPRequest, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asked, landing, shownText, textOf } from '../browser/support/acts.ts'
import { photograph } from '../browser/support/artefacts.ts'
import { colourRules, violationsOf } from '../browser/support/axe.ts'
import type { CasebookSite } from '../browser/support/casebook-site.ts'
import { hostile, makeCasebookSite, stopClock } from '../browser/support/casebook-site.ts'
import { inspect } from '../browser/support/inspect.ts'
import { browserNames, isInstalled } from '../browser/support/installed.ts'
import type { Launched, Level } from '../browser/support/launch.ts'
import { launch } from '../browser/support/launch.ts'
import type { OnionProxy } from '../browser/support/proxy.ts'
import { openOnionProxy } from '../browser/support/proxy.ts'
import { watchPage } from '../browser/support/watch-page.ts'
import { until } from '../supervise/start.ts'

/** The casebook's pages, opened from disk as an analyst does. */

let site: CasebookSite
let proxy: OnionProxy
beforeAll(async () => {
  // More tips than a list shows at first.
  site = await makeCasebookSite(110)
  // No server is behind this proxy: every request of a page is recorded and refused.
  proxy = await openOnionProxy(9)
}, 90_000)
afterAll(async () => {
  await proxy?.close()
  await site?.close()
})

const kinds = () => ({
  board: 'index.html',
  tier: 'site/tier-0.html',
  list: 'site/list.html',
  whole: 'site/list-all.html',
  places: 'site/places.html',
  authorities: 'site/authorities.html',
  dates: 'site/dates.html',
  persons: 'site/persons.html',
  alike: 'site/alike.html',
  groups: 'site/groups.html',
  timeline: 'site/timeline.html',
  counts: 'site/counts.html',
  problems: 'site/problems.html',
  sheet: site.sheet(3),
  'sheet-tibetan': site.sheet(4),
  'sheet-hostile': site.sheet(1),
  'sheet-long': site.sheet(2),
})
type Kind = keyof ReturnType<typeof kinds>
const kindNames: readonly Kind[] = [
  'board',
  'tier',
  'list',
  'whole',
  'places',
  'authorities',
  'dates',
  'persons',
  'alike',
  'groups',
  'timeline',
  'counts',
  'problems',
  'sheet',
  'sheet-tibetan',
  'sheet-hostile',
  'sheet-long',
]
const pathOf = (kind: Kind) => kinds()[kind]

/** The seed case, 2 hostile, 2 ordinary and 109 generated ones, and one without a readable tip. */
const cases = 115
const browsers = browserNames.filter(isInstalled)
const schemes = browsers.flatMap((browser) =>
  (['light', 'dark'] as const).map((scheme) => ({ browser, scheme })),
)

const openBrowser = (
  browser: (typeof browsers)[number],
  level: Level = 'standard',
  isDark = false,
) => launch({ browser, level, isDark, proxyAddress: proxy.address })
/** Chromium contacts its vendor on its own, whatever page it shows. */
const ofTheBrowser = /^(?:[a-z-]+\.)*(?:google|googleapis|gstatic)\.com:443$/

const timesAsked = (word: string) =>
  proxy.exchanges.filter(({ target }) => target.includes(word)).length

/**
 * On these pages a script changes the content. On the others it only computes days, and the clock
 * is stopped.
 */
const scripted: readonly Kind[] = ['list', 'persons']
/** A page has 150 pairs. All are built the same way, and axe would need a minute for them. */
const pairsLookedAt = 20

/** Opens every folded part and renders what is out of sight, so that both are checked as well. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate((most) => {
    for (const pair of [...document.querySelectorAll('.pair')].slice(most)) pair.remove()
    for (const details of document.querySelectorAll('details')) details.open = true
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('*{content-visibility:visible!important}')
    document.adoptedStyleSheets = [sheet]
  }, pairsLookedAt)
}

describe.each(schemes)('the casebook in $browser, $scheme', ({ browser, scheme }) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await openBrowser(browser, 'standard', scheme === 'dark')
  }, 90_000)
  afterAll(() => launched?.dispose())

  it.each(kindNames)(
    'shows the page %s accessibly, and violates no policy',
    async (kind) => {
      const page = await launched.newPage()
      await stopClock(page)
      const watched = await watchPage(page)
      await page.goto(site.url(pathOf(kind)))
      await unfold(page)
      expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(
        scheme === 'dark',
      )
      const name = `casebook-${browser}-${kind}`
      // A page with 200,000 characters has too many pixels for a screenshot.
      const isPictured = kind !== 'sheet-long'
      if (isPictured && scheme === 'light')
        expect(await inspect(page, name, { hasDark: false })).toEqual([])
      // Only the colours differ in dark mode.
      else expect(await violationsOf(page, scheme === 'dark' ? colourRules : undefined)).toEqual([])
      if (isPictured && scheme === 'dark') await photograph(page, `${name}-dark`)
      expect(await watched.troubles()).toEqual([])
      if (scheme === 'light' && scripted.includes(kind)) {
        await page.goto(await site.withoutScript(pathOf(kind)))
        await unfold(page)
        expect(await violationsOf(page)).toEqual([])
      }
      await page.close()
    },
    240_000,
  )
})

describe.each(browsers)('the casebook in %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await openBrowser(browser)
  }, 90_000)
  afterAll(() => launched?.dispose())

  async function open(path: string): Promise<Page> {
    const page = await launched.newPage()
    await stopClock(page)
    await page.goto(site.url(path))
    return page
  }

  describe('when it is watched for requests', () => {
    /**
     * What a page requests besides itself, according to the driver and to the page's own
     * performance entries.
     */
    async function askedBy(page: Page, visit: () => Promise<unknown>): Promise<string[]> {
      const urls: string[] = []
      const note = (request: HTTPRequest) => {
        if (!request.isNavigationRequest()) urls.push(request.url())
      }
      page.on('request', note)
      await visit()
      page.off('request', note)
      const told = await page.evaluate(() =>
        performance.getEntriesByType('resource').map(({ name }) => name),
      )
      // Images built into the browser, such as the calendar icon of a date field.
      return [...urls, ...told].filter((url) => !url.startsWith('data:'))
    }

    it('is seen when it makes a request (control)', async () => {
      const page = await launched.newPage()
      const url = await site.add(
        'control.html',
        `<!doctype html><title>control</title><img src="http://control-${browser}.example/a.png" alt=""><link rel=stylesheet href="http://control-${browser}.example/b.css">`,
      )
      const seen = await askedBy(page, () => page.goto(url))
      for (const name of ['a.png', 'b.css'])
        expect(seen.filter((each) => each.endsWith(name)).length).toBeGreaterThanOrEqual(2)
      expect(timesAsked(`control-${browser}`)).toBeGreaterThanOrEqual(2)
      await page.close()
    })

    it('makes no request, on any page', async () => {
      const before = proxy.exchanges.length
      const page = await launched.newPage()
      for (const kind of kindNames)
        expect(await askedBy(page, () => page.goto(site.url(pathOf(kind))))).toEqual([])
      await page.close()
      expect(
        proxy.exchanges
          .slice(before)
          .map(({ target }) => target)
          .filter((target) => !ofTheBrowser.test(target)),
      ).toEqual([])
    })

    it('could not make a request if it tried', async () => {
      const page = await open('index.html')
      const outcome = await page.evaluate((host) => {
        const picture = document.createElement('img')
        picture.src = `http://${host}/pixel.png`
        document.body.append(picture)
        return fetch(`http://${host}/`).then(
          () => 'reached',
          () => 'refused',
        )
      }, `tried-${browser}.example`)
      expect(outcome).toBe('refused')
      expect(timesAsked(`tried-${browser}`)).toBe(0)
      await page.close()
    })
  })

  describe('when a tip is hostile', () => {
    const everywhere: readonly Kind[] = [
      'board',
      'list',
      'places',
      'persons',
      'alike',
      'groups',
      'timeline',
      'problems',
      'sheet-hostile',
    ]
    it.each(everywhere)('shows it as text and runs nothing (%s)', async (kind) => {
      const page = await launched.newPage()
      const watched = await watchPage(page)
      await page.goto(site.url(pathOf(kind)))
      const found = await page.evaluate(() => ({
        title: document.title,
        made: document.querySelectorAll(
          'img, iframe, object, embed, form, link, base, style ~ style, script ~ script',
        ).length,
        handlers: [...document.querySelectorAll('*')].filter((element) =>
          element.getAttributeNames().some((name) => name.startsWith('on')),
        ).length,
        links: [...document.querySelectorAll('a')]
          .map((link) => link.protocol)
          .filter((protocol) => protocol !== 'file:'),
        hidden: /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u001b]/.test(
          document.body.textContent ?? '',
        ),
      }))
      expect(found).toMatchObject({ made: 0, handlers: 0, links: [], hidden: false })
      expect(found.title).not.toContain('owned')
      expect(await watched.troubles()).toEqual([])
      await page.close()
    })

    it('shows it word for word, to the end', async () => {
      const page = await open(pathOf('sheet-hostile'))
      const text = await textOf(page, 'main')
      expect(text).toContain(hostile.markup)
      expect(text).toContain('KimChol')
      await page.goto(site.url(pathOf('sheet-long')))
      const long = await textOf(page, '.text')
      expect([long.length > 199_000, long.slice(0, 6), long.slice(-8)]).toEqual([
        true,
        'BEGIN ',
        ' THE END',
      ])
      await page.close()
    })
  })

  describe('when somebody looks for a case', () => {
    const shownRows = (page: Page) =>
      page.evaluate(() =>
        [...document.querySelectorAll('.rows tr')]
          .filter((row) => row.checkVisibility())
          .map((row) => row.textContent ?? ''),
      )
    /** The number of matches and the total, as the page shows them. */
    const counted = async (page: Page) =>
      (await textOf(page, '#count')).match(/\d+/g)?.map(Number) ?? []
    const untilCounted = (page: Page, pattern: RegExp) =>
      until(
        () => asked(async () => pattern.test(await textOf(page, '#count'))),
        () => `${pattern} on ${page.url()}`,
      )

    it('searches and filters by keyboard alone, and opens what was found', async () => {
      const page = await open('site/list.html')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('search')
      await page.keyboard.type('리영희 선양')
      await untilCounted(page, /^\d+ of \d+$/)
      const found = await shownRows(page)
      expect(found.length).toBeGreaterThan(0)
      expect(await counted(page)).toEqual([found.length, cases])
      for (const text of found) expect(text).toMatch(/리영희/)
      for (
        let stops = 0;
        stops < 20 && !(await page.evaluate(() => document.activeElement?.matches('.rows a')));
        stops += 1
      )
        await page.keyboard.press('Tab')
      await landing(page, () => page.keyboard.press('Enter'))
      expect(await textOf(page, 'h1')).toContain('리영희')
      await page.close()
    })

    it.each([
      ['tier', '0', (text: string) => text.startsWith('0')],
      ['status', 'acting', (text: string) => text.endsWith('acting')],
      ['with', 'child', (text: string) => /\((?:perhaps a )?child\)/.test(text)],
      ['from', '2017-11-04', () => true],
    ] as const)(
      'filters by %s, and shows all again',
      async (id, value, fits) => {
        const page = await open('site/list.html')
        await page.evaluate(
          (wanted, chosen) => {
            const field = document.querySelector<HTMLInputElement>(`#${wanted}`)
            if (field === null) throw new Error('no such field')
            field.value = chosen
            field.dispatchEvent(new Event('input', { bubbles: true }))
          },
          id,
          value,
        )
        await untilCounted(page, /^\d+ of \d+$/)
        const found = await shownRows(page)
        expect(found.length).toBeGreaterThan(0)
        const [fitting = 0, of] = await counted(page)
        expect([found.length, of, fitting < cases]).toEqual([Math.min(fitting, 100), cases, true])
        expect(found.filter((text) => !fits(text))).toEqual([])
        await page.focus('.filters button')
        await page.keyboard.press('Enter')
        await untilCounted(page, /^All \d+$/)
        expect([(await shownRows(page)).length, await counted(page)]).toEqual([100, [cases]])
        await page.close()
      },
      60_000,
    )

    it('shows the remaining rows on request, the same as the whole list', async () => {
      const page = await open('site/list.html')
      expect((await shownRows(page)).length).toBe(100)
      await page.focus('#more button')
      await page.keyboard.press('Enter')
      await until(
        () =>
          asked(
            async () =>
              !(await page.evaluate(() => document.querySelector('#more')?.checkVisibility())),
          ),
        () => 'the button to go',
      )
      const all = await shownRows(page)
      expect(all.length).toBe(cases)
      await page.goto(site.url('site/list-all.html'))
      expect(await shownRows(page)).toEqual(all)
      await page.close()
    })

    it('says so when nothing is found', async () => {
      const page = await open('site/persons.html')
      await page.focus('#search')
      await page.keyboard.type('nobody-of-this-name')
      await untilCounted(page, /^0 of \d+$/)
      await page.close()
    })
  })

  it('says how old it is, and updates the days', async () => {
    const page = await launched.newPage()
    // With the real clock, which is years later.
    await page.goto(site.url('index.html'))
    expect(await textOf(page, 'header')).toMatch(/These pages are \d+ days old/)
    expect(await textOf(page, '.next [data-ends]')).toMatch(/^\d+ days over$/)
    await page.close()
  })
})

describe.each(browsers)('the casebook at Safest in %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await openBrowser(browser, 'safest')
  }, 90_000)
  afterAll(() => launched?.dispose())

  it('shows everything, and says which functions need scripts', async () => {
    const page = await launched.newPage()
    await page.goto(site.url('site/list.html'))
    const text = await shownText(page)
    expect(text).toContain('Searching here needs scripts')
    expect(
      await page.evaluate(() =>
        ['.filters', '#more'].map((each) => document.querySelector(each)?.checkVisibility()),
      ),
    ).toEqual([false, false])
    expect(text).toContain('The whole list')
    await page.goto(site.url('site/list-all.html'))
    // Rows out of sight are in the page but not rendered.
    expect(await textOf(page, '.rows')).toContain('리영희')
    expect(
      await page.evaluate(
        () =>
          [...document.querySelectorAll('.rows tr')].filter((row) => row.checkVisibility()).length,
      ),
    ).toBe(cases)
    await page.goto(site.url('index.html'))
    expect(await shownText(page)).toMatch(/Read this first[^]*Tier 0 because/)
    expect(await shownText(page)).not.toMatch(/days old/)
    await page.close()
  })
})
