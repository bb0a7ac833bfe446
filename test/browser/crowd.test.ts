import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { textsOf } from '../../src/page/all-texts.ts'
import { writeSeeded } from '../support/seeded.ts'
import { sha256OfFile } from '../support/tree.ts'
import { chooseFiles, follow, textOf, type } from './support/acts.ts'
import { isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import type { Exchange } from './support/proxy.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { sealWithTumen, startSite } from './support/site.ts'
import { chooseTipFiles, goToSourcePage, hooks, send, untilReceipt } from './support/source-page.ts'
import { watchPage } from './support/watch-page.ts'
import { fullLanguages } from './support/words.ts'

/**
 * When many clients connect at once, the page computes a proof of work and shows that it does; the
 * form, which cannot, is accepted without one.
 */

const proofHeader = 'tumen-proof-of-work'
const places = 8
const narrative = 'Many are writing at this moment.'
const recording = 'recording.bin'

let site: Site
beforeAll(async () => {
  site = await startSite({ env: { TUMEN_MAX_UNFINISHED: String(places) } })
  await writeSeeded(site.at(recording), 'crowd', 1_000_000)
})
afterAll(() => site?.close())

/**
 * Start more uploads than there are places, then abandon them. The intake treats this as a crowd
 * for another two minutes.
 */
beforeEach(async () => {
  const tus = { 'Tus-Resumable': '1.0.0' }
  const begun = await Promise.all(
    Array.from({ length: places + 1 }, () =>
      fetch(`${site.url}/uploads`, {
        method: 'POST',
        headers: { ...tus, 'Upload-Length': '1000' },
      }),
    ),
  )
  expect(begun.map(({ status }) => status)).toContain(503)
  for (const { headers } of begun) {
    const path = headers.get('location')
    if (path !== null) await fetch(site.url + path, { method: 'DELETE', headers: tus })
  }
})

interface WithPhases {
  phases?: string[]
}

const proofsOf = (exchanges: readonly Exchange[]): [number | null, boolean][] =>
  exchanges
    .filter(({ method }) => method === 'POST')
    .map(({ status, requestHeaders }) => [status, (requestHeaders[proofHeader]?.length ?? 0) > 100])

const firefox = (['firefox'] as const).filter(isInstalled)
const cases = firefox.flatMap((browser) =>
  (['standard', 'safer'] as const).map((level) => ({ browser, level })),
)

describe.each(cases)('the page in a crowd, at $level in $browser', ({ browser, level }) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({ browser, level, proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  it.each(fullLanguages)(
    'computes a proof of work, says so and delivers (%s)',
    async (language) => {
      const page = await launched.newPage()
      const watched = await watchPage(page)
      const visit = site.proxy.exchanges.length
      const source = await goToSourcePage(page, language)
      await type(page, hooks.narrative, narrative)
      await chooseTipFiles(source, site.at(recording))
      await page.evaluate(() => {
        const phases: string[] = ((globalThis as WithPhases).phases = [])
        new MutationObserver(() => {
          const said = document.querySelector('#phase')?.textContent ?? ''
          if (said !== '' && phases.at(-1) !== said) phases.push(said)
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
      })
      const first = site.proxy.exchanges.length
      const began = performance.now()
      await send(source)
      const receipt = await untilReceipt(source, 120_000)
      console.log(
        `crowd: a receipt in ${((performance.now() - began) / 1000).toFixed(1)} s at ${level}`,
      )
      const exchanges = site.proxy.exchanges.slice(first)
      expect(proofsOf(exchanges)).toEqual([
        [429, false],
        [201, true],
      ])
      // The code was loaded before Send, when no update of the server could take it away.
      expect(
        site.proxy.exchanges
          .slice(visit, first)
          .filter(({ target }) => target.includes('/assets/rest-of-worker-')),
      ).toHaveLength(1)
      expect(await page.evaluate(() => (globalThis as WithPhases).phases)).toContain(
        textsOf(language).later.sending.phases.proving,
      )
      await site.untilStored(receipt)
      const { tip, attachments } = await site.openTip(receipt)
      expect([tip['narrative'], attachments]).toEqual([
        narrative,
        { [recording]: await sha256OfFile(site.at(recording)) },
      ])
      expect(await watched.troubles()).toEqual([])
      await page.close()
    },
    180_000,
  )
})

describe.each(firefox)('the page in a crowd, at safest in %s', (browser) => {
  it('sends by the form, and is not asked for a proof', async () => {
    const launched = await launch({ browser, level: 'safest', proxyAddress: site.proxy.address })
    try {
      const sealed = await sealWithTumen(
        site,
        { schema: 'urn:tumen:detention_tip:1', narrative },
        [site.at(recording)],
        'by-form.age',
      )
      const page = await launched.newPage()
      await page.goto(`${onionUrl}/ko/`)
      const first = site.proxy.exchanges.length
      await chooseFiles(
        page,
        'form[action^="/submissions"] input[type=file][name=envelope]',
        sealed.path,
      )
      await follow(page, 'form[action^="/submissions"] [type=submit]')
      expect((await textOf(page, 'main')).replaceAll(/\s/g, '')).toContain(sealed.receipt)
      expect(proofsOf(site.proxy.exchanges.slice(first))).toEqual([[200, false]])
      await site.untilStored(sealed.receipt)
    } finally {
      await launched.dispose()
    }
  }, 120_000)
})
