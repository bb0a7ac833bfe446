import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSite } from '../../src/front-page/write-site.ts'
import { FRONT_LANGUAGES } from '../../src/page/front-page.ts'
import { cleanUp, temporaryFolder } from '../supervise/start.ts'
import { textOf } from './support/acts.ts'
import { inspect } from './support/inspect.ts'
import { isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import type { OnionProxy } from './support/proxy.ts'
import { onionHost, openOnionProxy } from './support/proxy.ts'

/**
 * The front page on the open web: readable with assistive technology and on a phone, and it
 * requests nothing outside its own folder.
 */

const types: Record<string, string> = { html: 'text/html', css: 'text/css', svg: 'image/svg+xml' }

describe.runIf(isInstalled('chromium'))('the page on the open web', () => {
  let proxy: OnionProxy
  let launched: Launched
  let page: Page
  const requests: string[] = []
  const complaints: string[] = []
  const server = createServer((request, answer) => {
    const path = (request.url ?? '/').replace(/\/$/, '/index.html')
    answer
      .setHeader('content-type', types[path.split('.').at(-1) ?? ''] ?? 'text/plain')
      .end(readFileSync(join(www, path)))
  })
  let www = ''
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`

  beforeAll(async () => {
    www = join(await temporaryFolder(), 'site', 'www')
    await writeSite({ folder: join(www, '..'), onion: onionHost })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    proxy = await openOnionProxy(0)
    proxy.addSite(host(), (server.address() as AddressInfo).port)
    launched = await launch({ browser: 'chromium', level: 'standard', proxyAddress: proxy.address })
    page = await launched.newPage()
    page.on('request', (request) => void requests.push(request.url()))
    page.on('console', (message) => void complaints.push(message.text()))
  }, 120_000)
  afterAll(async () => {
    await launched?.dispose()
    await proxy?.close()
    server.close()
    await cleanUp()
  })

  it.each(FRONT_LANGUAGES)(
    'is accessible in %s, and loads nothing else',
    { timeout: 120_000 },
    async (language) => {
      await page.goto(`http://${host()}/${language}/`)
      expect(await textOf(page, 'pre')).toBe(onionHost)
      expect(await page.$eval('img', (image) => image.naturalWidth)).toBeGreaterThan(0)
      expect(await inspect(page, `front-page/${language}`, { hasDark: true })).toEqual([])
      expect(requests.filter((url) => !url.startsWith(`http://${host()}/`))).toEqual([])
      expect(complaints).toEqual([])
    },
  )
})
