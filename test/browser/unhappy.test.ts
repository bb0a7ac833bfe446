import { randomBytes } from 'node:crypto'
import { open, rm, statfs, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mayNotMount, mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { until } from '../supervise/start.ts'
import { chooseFiles, click, shownText, textOf, type, untilThere } from './support/acts.ts'
import { photograph } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import { launch, phone, type Launched } from './support/launch.ts'
import { pictureWithPlace } from './support/pictures.ts'
import { onionUrl } from './support/proxy.ts'
import { quick } from './support/quick-tip.ts'
import { startSite, type Site } from './support/site.ts'
import {
  chooseTipFiles,
  fillIn,
  goToSourcePage,
  hooks,
  send,
  untilReceipt,
  type SourcePage,
} from './support/source-page.ts'

/** What a source sees when the server, the device or the browser does not play along. */

let disk: SmallDisk | null = null
let site: Site
beforeAll(async () => {
  disk = await mountSmallDisk('size=192m', 'a full disk')
  site = await startOn(disk?.dir ?? tmpdir())
})
afterAll(async () => {
  await site?.close()
  await disk?.unmount()
})
afterEach(() => {
  site.proxy.block(null)
  site.proxy.forbid(null)
})

/** Starts the site with all its folders on one disk. */
async function startOn(folder: string): Promise<Site> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    return await startSite({ env: { TUMEN_RESERVE_BYTES: String(4 * 1024 * 1024) } })
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

const narrativeIn = (page: Page): Promise<string> =>
  page.$eval(hooks.narrative, (field) => (field as HTMLTextAreaElement).value)

describe.each(browserNames.filter(isInstalled))('in %s', (browser) => {
  let launched: Launched
  const start = (): Promise<Launched> =>
    launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
  beforeAll(async () => {
    launched = await start()
  }, 90_000)
  afterAll(() => launched?.dispose())

  async function openFilled(by = launched): Promise<SourcePage> {
    const source = await goToSourcePage(await by.newPage(phone), 'en')
    await untilThere(source.page, hooks.keyringReady)
    await fillIn(source, quick)
    return source
  }

  it('says that the server is closed for a moment, and sends once it is open', async () => {
    const source = await openFilled()
    await site.tumen('drain')
    await send(source)
    await untilThere(source.page, '#phase[data-problem="DRAINING"]')
    await photograph(source.page, `draining-${browser}`)
    expect(await shownText(source.page)).not.toContain('The connection broke')
    expect(await source.page.$('#interruptions')).toBeNull()
    await site.tumen('drain', '--off')
    // The server has asked for a minute; a person who does not want to wait can try at once.
    await click(source.page, hooks.pause)
    await click(source.page, hooks.resume)
    expect(await untilReceipt(source)).toMatch(/^[0-9a-f]{64}$/)
    await source.page.close()
  }, 120_000)

  it('says that there is no room, keeps the text, and waits for the person', async (context) => {
    if (disk === null) return context.skip(mayNotMount)
    const source = await openFilled()
    const ballast = join(disk.dir, 'ballast')
    const { bavail, bsize } = await statfs(disk.dir)
    await writeFile(ballast, Buffer.alloc(bavail * bsize - 1024 * 1024))
    const before = site.proxy.exchanges.length
    await send(source)
    await untilThere(source.page, '[data-failure="NO_SPACE"]')
    await photograph(source.page, `full-${browser}`)
    expect(await narrativeIn(source.page)).toBe(quick.narrative)
    const tries = site.proxy.exchanges
      .slice(before)
      .filter(({ method, target }) => method === 'POST' && target.includes('/uploads'))
    expect(tries.map(({ status }) => status)).toEqual([507])
    await truncate(ballast)
    await rm(ballast)
    await click(source.page, hooks.send)
    expect(await untilReceipt(source)).toMatch(/^[0-9a-f]{64}$/)
    await source.page.close()
  }, 120_000)

  it('sends with what it has loaded after the server has got another build', async () => {
    const source = await openFilled()
    site.proxy.block((path) => path.startsWith('/assets/'))
    const photo = site.at(`after-${browser}.jpg`)
    await writeFile(photo, pictureWithPlace())
    await chooseTipFiles(source, photo)
    await send(source)
    expect(await untilReceipt(source)).toMatch(/^[0-9a-f]{64}$/)
    await source.page.close()
  }, 120_000)

  it('does not book a missing part on a file', async () => {
    // A browser of its own, because Chromium keeps the part from the test before.
    const fresh = await start()
    try {
      site.proxy.block((path) => /\/assets\/rest-of-worker-/.test(path))
      const source = await openFilled(fresh)
      const photo = site.at(`part-${browser}.jpg`)
      await writeFile(photo, pictureWithPlace())
      await chooseFiles(source.page, hooks.files, photo)
      await untilThere(source.page, '#notice')
      expect(await source.page.$('[data-file-state="unreadable"]')).toBeNull()
      await send(source)
      await untilThere(source.page, '[data-failure="NOT_LOADED"]')
      await photograph(source.page, `not-loaded-${browser}`)
      expect(await narrativeIn(source.page)).toBe(quick.narrative)
      expect(await source.page.$('[data-file-state="unreadable"]')).toBeNull()
    } finally {
      await fresh.dispose()
    }
  }, 120_000)

  it('names a chosen file that is gone, and sends without it', async () => {
    const source = await openFilled()
    const [gone, kept] = [site.at(`gone-${browser}.bin`), site.at(`kept-${browser}.bin`)]
    await writeFile(gone, 'gone')
    await writeFile(kept, 'kept')
    await chooseTipFiles(source, gone, kept)
    await unlink(gone)
    await send(source)
    await untilThere(source.page, '#problems a[href="#files-1-remove"]')
    await photograph(source.page, `gone-${browser}`)
    expect(await textOf(source.page, '#problems')).toContain(`gone-${browser}.bin`)
    expect(await source.page.$$('[data-file-state="ready"]')).toHaveLength(1)
    await click(source.page, '#files-1-send-without')
    expect(await untilReceipt(source)).toMatch(/^[0-9a-f]{64}$/)
    await source.page.close()
  }, 120_000)

  it('asks once about a picture that cannot be cleaned', async () => {
    const source = await openFilled()
    const damaged = site.at(`damaged-${browser}.jpg`)
    await writeFile(damaged, pictureWithPlace().subarray(0, 200))
    await chooseTipFiles(source, damaged)
    expect(await textOf(source.page, '#files-1-state')).toContain('This picture is damaged')
    await send(source)
    await untilThere(source.page, '#problems a[href="#files-1-remove"]')
    await photograph(source.page, `damaged-${browser}`)
    expect(await textOf(source.page, '#problems')).toContain(`damaged-${browser}.jpg`)
    await click(source.page, hooks.send)
    expect(await untilReceipt(source)).toMatch(/^[0-9a-f]{64}$/)
    await source.page.close()
  }, 120_000)

  it('gives no receipt for a file that was changed after it was chosen', async () => {
    const source = await openFilled()
    const changed = site.at(`changed-${browser}.bin`)
    await writeFile(changed, 'before, and long enough')
    await chooseTipFiles(source, changed)
    await writeFile(changed, 'after')
    await send(source)
    await untilThere(source.page, '#problems a[href="#files-1-remove"]')
    expect(await source.page.$(hooks.receipt)).toBeNull()
    await source.page.close()
  }, 120_000)

  it('never cuts off a file that grows while it is sealed', async () => {
    const source = await openFilled()
    const growing = site.at(`growing-${browser}.bin`)
    const chosen = randomBytes(24 * 1024 * 1024)
    await writeFile(growing, chosen)
    const handle = await open(growing, 'a')
    let appended = 0
    const growth = setInterval(
      () => void handle.write(Buffer.alloc(4096)).then(() => appended++),
      5,
    )
    try {
      await chooseFiles(source.page, hooks.files, growing)
      await untilThere(source.page, '[data-file-state="ready"], [data-file-state="unreadable"]')
      await send(source)
      await untilThere(source.page, `${hooks.receipt}, #problems a[href="#files-1-remove"]`)
    } finally {
      clearInterval(growth)
      await handle.close()
    }
    expect(appended).toBeGreaterThan(10)
    // A receipt stands for the whole file as it was at one moment. This file kept growing, so there
    // must be no receipt.
    expect(await source.page.$(hooks.receipt)).toBeNull()
    expect(await textOf(source.page, '#problems')).toContain(`growing-${browser}.bin`)
    await source.page.close()
  }, 120_000)

  it('writes nothing of a tip to the console when something breaks', async () => {
    const source = await openFilled()
    const said: string[] = []
    source.page.on('console', (message) => said.push(message.text()))
    source.page.on('pageerror', (error) => said.push(String(error)))
    await source.page.evaluate((text) => {
      setTimeout(() => {
        throw new Error(`broken at ${text}`)
      })
    }, quick.narrative)
    await untilThere(source.page, '#notice')
    await source.page.evaluate(() => console.warn('control'))
    await until(
      () => said.includes('control'),
      () => 'the console to be heard',
    )
    expect(said.filter((line) => line.includes(quick.narrative))).toEqual([])
    await source.page.close()
  })

  // Chromium keeps pages in memory although they are `no-store`.
  it('does not bring back a receipt that was typed', async () => {
    const page = await launched.newPage(phone)
    await page.goto(`${onionUrl}/receipts?lang=en`)
    await type(page, '#receipt', '0123456789abcdef')
    await page.goto(`${onionUrl}/en/`)
    await page.goBack()
    await untilThere(page, '#receipt')
    expect(await page.$eval('#receipt', (field) => (field as HTMLTextAreaElement).value)).toBe('')
    await page.close()
  })

  it.each(['worker-src', 'connect-src'])(
    'shows the ways without scripts where %s is forbidden',
    async (directive) => {
      site.proxy.forbid(directive)
      const { page } = await goToSourcePage(await launched.newPage(phone), 'en')
      await untilThere(page, '#ways .without-script')
      await photograph(page, `forbidden-${directive}-${browser}`)
      const shown = await shownText(page)
      expect(shown).toContain('tumen seal')
      expect(shown).not.toContain('fewer files')
      expect(
        await page.$eval('#ways .ways', (ways) => ways.getBoundingClientRect().height),
      ).toBeGreaterThan(100)
      await page.close()
    },
    60_000,
  )

  it('shows them as well where there are no workers at all', async () => {
    const page = await launched.newPage(phone)
    await page.evaluateOnNewDocument(() => Reflect.deleteProperty(globalThis, 'Worker'))
    await page.goto(`${onionUrl}/en/`)
    await untilThere(page, '#ways .without-script')
    await page.close()
  })
})
