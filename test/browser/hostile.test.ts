import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../support/sealed.ts'
import { click } from './support/acts.ts'
import { photograph } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import { ceremonyFor } from './support/named-ceremony.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import {
  chooseTipFiles,
  goToSourcePage,
  hooks,
  send,
  untilReceipt,
  untilSays,
} from './support/source-page.ts'
import { watchPage } from './support/watch-page.ts'

/**
 * Text that people enter stays text: no name, narrative or keyring can make the page execute
 * anything.
 */

const markup = `<img src=x onerror="document.title='broken into'">`
const analyst = `${markup}<b>&quot;김`.slice(0, 80)
const names = [
  `${markup}.jpg`,
  '\u202Egpj.exe\u202C\u2066.txt',
  'two\nlines\r.txt',
  `"><script>document.title='broken into'</script>`.replaceAll('/', '⁄'),
  'javascript:document.title=1',
  '${document.title}{{document.title}}.txt',
]
const narrative = `${markup}<script>document.title='broken into'</script>\u202Ereversed\u202C </textarea><svg onload=document.title=1> {n}{names}`

const policy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `worker-src 'self'`,
  `style-src 'self'`,
  `connect-src 'self'`,
  `img-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
  'trusted-types tumen',
]

let site: Site
beforeAll(async () => {
  site = await startSite({ ceremony: ceremonyFor(analyst) })
  for (const name of names) await writeFile(site.at(name), `content of ${name}`)
})
afterAll(() => site?.close())

describe('every answer', () => {
  const paths = [
    '/',
    '/ko/',
    '/zh/',
    '/en/',
    '/ug/',
    '/ru/',
    '/bo/',
    '/receipts',
    `/receipts/${'0'.repeat(64)}`,
    '/sealed',
    '/keyring.json',
    '/keyring.json.minisig',
    '/recipients.txt',
    '/recipients-x25519.txt',
    '/offline-sealer.html',
    '/assets/none.js',
    '/nowhere',
    '/uploads',
    '/uploads/none',
    '/submissions',
    '/favicon.ico',
  ]
  const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE', 'PATCH']

  it.each(paths)('%s has the strict policy and permits no other origin', async (path) => {
    for (const method of methods) {
      const answer = await fetch(`${site.url}${path}`, { method, redirect: 'manual' })
      await answer.arrayBuffer()
      const sent = (answer.headers.get('content-security-policy') ?? '')
        .split(';')
        .map((part) => part.trim())
        .sort()
      expect(sent, `${method} ${path}`).toEqual([...policy].sort())
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
  })
})

describe.each(browserNames.filter(isInstalled))('the page in %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  it('shows and sends hostile names and words unchanged', async () => {
    const page = await launched.newPage()
    const watched = await watchPage(page)
    const source = await goToSourcePage(page, 'en')
    const title = await page.title()
    await untilSays(page, analyst)
    await click(page, hooks.narrative)
    await page.evaluate(typeAtOnce, narrative)
    await chooseTipFiles(source, ...names.map((name) => site.at(name)))
    await untilSays(page, names[0] ?? '')
    await photograph(page, `hostile-${browser}`)
    await send(source)
    const receipt = await untilReceipt(source)
    await site.untilStored(receipt)
    const { tip, attachments } = await site.openTip(receipt)
    expect(tip).toMatchObject({ narrative })
    expect(Object.values(attachments).sort()).toEqual(
      names.map((name) => sha256(Buffer.from(`content of ${name}`))).sort(),
    )
    expect(await page.title()).toBe(title)
    expect(
      await page.evaluate(
        () => document.querySelectorAll('main img, main svg[onload], main script').length,
      ),
    ).toBe(0)
    expect(await watched.troubles()).toEqual([])
    await page.close()
  }, 120_000)

  it('blocks and reports content from elsewhere that is inserted into the page', async () => {
    const page = await launched.newPage()
    const watched = await watchPage(page)
    await goToSourcePage(page, 'en')
    await page.evaluate(() => {
      const image = document.createElement('img')
      image.setAttribute('src', 'http://elsewhere.example/x.png')
      const style = document.createElement('link')
      style.setAttribute('rel', 'stylesheet')
      style.setAttribute('href', 'http://elsewhere.example/x.css')
      document.body.append(image, style)
    })
    await expect
      .poll(() => watched.troubles())
      .toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^policy: img-src.*elsewhere/),
          expect.stringMatching(/^policy: style-src.*elsewhere/),
        ]),
      )
    expect(site.proxy.exchanges.some(({ target }) => target.includes('elsewhere.example'))).toBe(
      false,
    )
    await page.close()
  })

  it('refuses markup, scripts and workers from text if Trusted Types are supported', async () => {
    const page = await launched.newPage()
    await goToSourcePage(page, 'en')
    const outcomes = await page.evaluate((text) => {
      if (!('trustedTypes' in globalThis)) return null
      const attempts = [
        () => void (document.body.innerHTML = text),
        () => void (document.createElement('script').text = 'document.title = 1'),
        () => void new Worker('/assets/app.js'),
        () => void (globalThis as unknown as WithTrustedTypes).trustedTypes.createPolicy('other'),
      ]
      return attempts.map((attempt) => {
        try {
          attempt()
          return 'taken'
        } catch (error) {
          return (error as Error).name
        }
      })
    }, markup)
    if (outcomes === null)
      process.stderr.write(`skipped: Trusted Types in ${browser} (not supported)\n`)
    else expect(outcomes).toEqual(Array.from({ length: 4 }, () => 'TypeError'))
    await page.close()
  })
})

interface WithTrustedTypes {
  trustedTypes: { createPolicy(name: string): unknown }
}

/** Inserts the text as a paste would, because control characters cannot be typed. */
function typeAtOnce(text: string): void {
  document.execCommand('insertText', false, text)
}
