import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../supervise/start.ts'
import { filesBelow } from '../support/tree.ts'
import { keepMore } from './support/firefox-prefs.ts'
import { click, follow, textOf, type, untilThere } from './support/acts.ts'
import { controlHost, leaveTraces, neighbourHost, openControlSite } from './support/control-site.ts'
import type { ControlSite } from './support/control-site.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { BrowserName } from './support/installed.ts'
import { launch } from './support/launch.ts'
import { pictureWithPlace } from './support/pictures.ts'
import { wordsInProfile } from './support/profile.ts'
import { onionHost, onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import {
  chooseTipFiles,
  fillIn,
  openSourcePage,
  send,
  untilReceipt,
} from './support/source-page.ts'

/** A visit must leave no traces, neither on the network nor in the profile. */

/** Words that occur nowhere else on this machine. */
const quick = {
  narrative: '조약돌같은새벽이야기',
  name: '들판에선영희',
  age: '27',
  when: '바람부는초하루',
  where: '자작나무나루터',
}
const unsent = '보내지않은강물소리'
const fileName = '숨은고갯길사진.jpg'
const controlWord = '남아야하는파도'

/**
 * Hosts that a browser contacts on its own, whatever flags are set. Nothing from our page can reach
 * them.
 */
const ownDomains: Readonly<Record<BrowserName, readonly string[]>> = {
  firefox: [],
  chromium: ['google.com', 'googleapis.com', 'gvt1.com'],
}

const sessionFolders: Readonly<Record<BrowserName, string>> = {
  firefox: 'sessionstore-backups',
  chromium: 'Default/Sessions',
}

let site: Site
let control: ControlSite
beforeAll(async () => {
  site = await startSite()
  control = await openControlSite(site.proxy)
  await writeFile(site.at(fileName), pictureWithPlace())
})
afterAll(async () => {
  await control?.close()
  await site?.close()
})

describe.each(browserNames.filter(isInstalled))('a whole visit in %s', (browser) => {
  const hosts: string[] = []
  let receipt = ''
  let profile: { found: string[]; paths: string[] } = { found: [], paths: [] }

  beforeAll(async () => {
    const launched = await launch({
      browser,
      level: 'standard',
      proxyAddress: site.proxy.address,
      prefs: keepMore,
    })
    const first = site.proxy.exchanges.length
    try {
      // A form that was filled in but not sent, in a tab that is still open at the end.
      const left = await openSourcePage(launched, 'ko')
      await fillIn(left, { ...quick, narrative: unsent })
      const source = await openSourcePage(launched, 'ko')
      await source.page.bringToFront()
      await fillIn(source, quick)
      await chooseTipFiles(source, site.at(fileName))
      await send(source)
      receipt = await untilReceipt(source)
      await click(source.page, '#ask-receipt')
      await untilThere(source.page, '[data-receipt-state="stored"]')
      // Chromium stores posted form fields in its session file, whatever the page's headers say.
      if (browser === 'firefox') await askByForm(await launched.newPage(), receipt)
      hosts.push(
        ...site.proxy.exchanges
          .slice(first)
          .map(({ method, target }) => (method === 'CONNECT' ? target : new URL(target).host)),
      )
      const controlPage = await launched.newPage()
      await leaveTraces(controlPage, controlWord)
      await until(
        () => isInSession(join(launched.profileDir, sessionFolders[browser])),
        () => 'the session to be written',
      )
      await launched.quit()
      const words = [
        ...Object.values(quick).filter((word) => word.length > 2),
        unsent,
        fileName,
        receipt,
        receipt.match(/.{4}/g)?.join(' ') ?? '',
        controlWord,
      ]
      profile = {
        found: await wordsInProfile(launched.profileDir, words),
        paths: await filesBelow(launched.profileDir),
      }
    } finally {
      await launched.dispose()
    }
  }, 180_000)

  it('makes requests only to its own origin', () => {
    expect(hosts.filter((host) => host === onionHost).length).toBeGreaterThan(5)
    const isOwn = (host: string): boolean =>
      ownDomains[browser].some((domain) => host.replace(/:\d+$/, '').endsWith(`.${domain}`))
    expect(hosts.filter((host) => host !== onionHost && !isOwn(host))).toEqual([])
  })

  it('would have been seen requesting another origin (control)', () => {
    expect(
      site.proxy.exchanges.map(({ target }) =>
        URL.canParse(target) ? new URL(target).host : target,
      ),
    ).toEqual(expect.arrayContaining([controlHost, neighbourHost]))
  })

  it('leaves no word of the tip in the profile', () => {
    expect(profile.found.filter((line) => !line.endsWith(controlWord))).toEqual([])
  })

  it('would have been found in each kind of storage (control)', () => {
    const kinds =
      browser === 'firefox'
        ? [
            /^cookies\.sqlite/,
            /^storage\/.*ls\/data\.sqlite/,
            /^storage\/.*idb\//,
            /^cache2\//,
            /^sessionstore/,
            /^places\.sqlite/,
          ]
        : [/Local Storage\//, /IndexedDB\//, /Cache\/Cache_Data\//, /Sessions\//, /History/]
    for (const kind of kinds)
      expect(
        profile.found.some((line) => kind.test(line) && line.endsWith(controlWord)),
        String(kind),
      ).toBe(true)
  })

  it('creates no storage, not even an empty one', () => {
    const storages = profile.paths.filter(
      (path) =>
        path.includes(onionHost) && !/^storage\/(default|permanent)\/[^/]+\/\.metadata/.test(path),
    )
    expect(storages).toEqual([])
    expect(profile.paths.some((path) => path.includes(controlHost))).toBe(true)
  })
})

describe('a request to the intake', () => {
  it('contains no cookie, no referrer, and nothing of the tip in its URL', () => {
    const ours = site.proxy.exchanges.filter(({ target }) => target.startsWith(onionUrl))
    expect(ours.length).toBeGreaterThan(10)
    for (const { target, requestHeaders } of ours) {
      expect([requestHeaders.cookie, requestHeaders.referer]).toEqual([undefined, undefined])
      expect(decodeURIComponent(target)).not.toMatch(/[\uac00-\ud7a3]/)
    }
    // The program asks for the receipt by URL, but with a request that no history stores; the URL
    // of a page never contains one.
    const withReceipt = ours.filter(({ target }) => /[0-9a-f]{64}/.test(target))
    expect(withReceipt.length).toBeGreaterThan(0)
    for (const { requestHeaders } of withReceipt) {
      expect(requestHeaders.accept).not.toContain('text/html')
    }
  })
})

async function askByForm(page: Page, receipt: string): Promise<void> {
  await page.goto(`${onionUrl}/receipts?lang=ko`)
  await type(page, 'form [name=receipt]', receipt)
  await follow(page, 'form[action^="/receipts"] [type=submit]')
  expect(await textOf(page, 'main')).toContain(receipt.slice(0, 4))
}

/** False if it cannot be read, because a running browser may replace these files at any time. */
async function isInSession(folder: string): Promise<boolean> {
  return (
    existsSync(folder) && (await wordsInProfile(folder, [controlWord]).catch(() => [])).length > 0
  )
}
