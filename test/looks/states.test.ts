import { writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/page/languages.ts'
import { chooseFiles, click, follow, press, untilThere } from '../browser/support/acts.ts'
import { inspect } from '../browser/support/inspect.ts'
import { browserNames, isInstalled } from '../browser/support/installed.ts'
import type { Launched } from '../browser/support/launch.ts'
import { launch } from '../browser/support/launch.ts'
import { pictureWithPlace } from '../browser/support/pictures.ts'
import { onionUrl } from '../browser/support/proxy.ts'
import type { Site } from '../browser/support/site.ts'
import { sealWithTumen, startSite } from '../browser/support/site.ts'
import type { SourcePage } from '../browser/support/source-page.ts'
import {
  chooseTipFiles,
  fillIn,
  goToSourcePage,
  hooks,
  send,
  untilPhase,
  untilReceipt,
} from '../browser/support/source-page.ts'
import type { FullLanguage } from '../browser/support/words.ts'
import { fullLanguages, wordsOf } from '../browser/support/words.ts'
import { until } from '../supervise/start.ts'
import { writeSeeded } from '../support/seeded.ts'

/**
 * Every page, language and state: checked by axe, on a narrow screen, and saved as screenshots for
 * people.
 */

const quick = {
  narrative:
    '11월 4일 새벽 선양에서 세 사람이 잡혀갔습니다. 네 살 아이도 있습니다. 어디로 갔는지 모릅니다.',
  name: '리영희',
  age: '27',
  when: '11월 초',
  where: '선양 북쪽 버스 역',
}
const picture = '체포 장면 사진.jpg'
const recording =
  'a-very-long-name-of-a-recording-that-somebody-made-in-a-hurry-and-never-gave-another-one.mp4'

let site: Site
let launched: Launched
beforeAll(async () => {
  site = await startSite()
  await writeFile(site.at(picture), pictureWithPlace())
  await writeSeeded(site.at(recording), 'states', 4 * 1024 * 1024)
  await writeFile(site.at('plain.txt'), 'not sealed '.repeat(2000))
})
afterAll(() => site?.close())
afterEach(() => {
  site.proxy.block(null)
  site.proxy.throttleUpload(null)
  site.proxy.setOffline(false)
})

describe.each(browserNames.filter(isInstalled))('in %s', (browser) => {
  beforeAll(async () => {
    launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  /** BiDi cannot emulate dark mode; Chromium renders the same colours. */
  const options = { hasDark: browser === 'chromium' }

  async function see(
    name: string,
    language: string,
    arrange: (page: SourcePage['page']) => Promise<unknown>,
  ): Promise<void> {
    const page = await launched.newPage()
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    try {
      await arrange(page)
      expect(await inspect(page, `${browser}/${language}/${name}`, options)).toEqual([])
    } finally {
      site.proxy.setOffline(false)
      await page.close()
    }
  }

  describe.each([...LANGUAGES])(
    'the static pages in %s are accessible:',
    (language) => {
      const blockScripts = (): void => site.proxy.block((path) => path.endsWith('.js'))

      it('the start without scripts', () =>
        see('without-script', language, async (page) => {
          blockScripts()
          await page.goto(`${onionUrl}/${language}/`)
          // The instructions for visitors without scripts appear after some seconds, in case the
          // form is still loading.
          await page.evaluate(() =>
            document.getAnimations().forEach((animation) => animation.finish()),
          )
          expect(
            await page.evaluate(() =>
              document.querySelector('a[href^="/offline-sealer.html"]')?.checkVisibility(),
            ),
          ).toBe(true)
        }))

      it.each(['receipts', 'sealed', 'nowhere'])('/%s', (path) =>
        see(path, language, (page) => page.goto(`${onionUrl}/${path}?lang=${language}`)),
      )

      it('an unknown receipt', () =>
        see('unknown-receipt', language, async (page) => {
          await page.goto(`${onionUrl}/receipts?lang=${language}`)
          await page.focus('form [name=receipt]')
          await page.keyboard.type('0123 4567')
          await follow(page, 'form[action^="/receipts"] [type=submit]')
        }))

      it('a refused file', () =>
        see('refused', language, async (page) => {
          await page.goto(`${onionUrl}/sealed?lang=${language}`)
          await chooseFiles(page, 'form [name=envelope]', site.at('plain.txt'))
          await follow(page, 'form[action^="/submissions"] [type=submit]')
        }))

      it('the receipt of a sealed file', async () => {
        const sealed = await sealWithTumen(
          site,
          { schema: 'urn:tumen:detention_tip:1', narrative: language },
          [],
          `${browser}-${language}.age`,
        )
        await see('receipt-of-file', language, async (page) => {
          await page.goto(`${onionUrl}/sealed?lang=${language}`)
          await chooseFiles(page, 'form [name=envelope]', sealed.path)
          await follow(page, 'form[action^="/submissions"] [type=submit]')
        })
      })

      it('the form', () =>
        see('form', language, async (page) => {
          await page.goto(`${onionUrl}/${language}/`)
          await untilThere(page, hooks.keyringReady)
        }))
    },
    60_000,
  )

  describe.each(fullLanguages)(
    'the app in %s is accessible:',
    (language) => {
      it('everything opened and filled in', () =>
        see('form-filled', language, async (page) => {
          const source = await goToSourcePage(page, language)
          await fillIn(source, quick)
          await chooseTipFiles(source, site.at(picture), site.at(recording))
          await page.select('#whenDate-choice', 'between')
          await click(page, '#add-person')
          await click(page, hooks.more)
          await untilThere(page, '#more fieldset, #more details')
          await openAll(page)
        }))

      it('nothing filled in, and Send', () =>
        see('form-problems', language, async (page) => {
          await goToSourcePage(page, language)
          await untilThere(page, hooks.keyringReady)
          await page.select('#whenDate-choice', 'day')
          await page.focus('#whenDate-start-year')
          await page.keyboard.type('99999')
          await click(page, hooks.send)
          await untilThere(page, '#problems')
        }))

      it('a keyring that does not come', () =>
        see('form-no-keyring', language, async (page) => {
          site.proxy.block((path) => path.startsWith('/keyring.json'))
          await goToSourcePage(page, language)
          await untilThere(page, '[data-keyring="KEYRING_UNREACHABLE"]')
        }))

      it('sending, waiting, paused, asked whether to stop, sent, cleared', async () => {
        await see('cleared', language, (page) => goThroughSending(page, language))
      }, 180_000)
    },
    90_000,
  )

  async function goThroughSending(page: SourcePage['page'], language: FullLanguage): Promise<void> {
    const look = async (name: string): Promise<void> =>
      expect(await inspect(page, `${browser}/${language}/${name}`, options)).toEqual([])
    const source = await goToSourcePage(page, language)
    await fillIn(source, quick)
    await chooseTipFiles(source, site.at(recording))
    site.proxy.throttleUpload(100_000)
    await send(source)
    await untilPhase(page, 'sending')
    await until(
      () => page.evaluate(() => document.querySelectorAll('.figures li').length === 3),
      () => 'amount, rate and time left',
    )
    await look('sending')
    site.proxy.setOffline(true)
    await untilPhase(page, 'waiting')
    await look('sending-waiting')
    await press(page, hooks.pause)
    await untilPhase(page, 'paused')
    site.proxy.setOffline(false)
    await look('sending-paused')
    await press(page, hooks.cancel)
    await untilThere(page, hooks.cancelYes)
    await look('sending-cancel')
    await press(page, '#cancel-no')
    site.proxy.throttleUpload(null)
    await press(page, hooks.resume)
    await untilReceipt(source)
    await look('receipt')
    await click(page, hooks.clear)
    await until(
      async () =>
        (await page.evaluate(() => document.querySelector('main h1')?.textContent)) ===
        wordsOf(language).page.receipt.cleared,
      () => 'the page to be cleared',
    )
  }
})

/** Opens every part that can be opened. */
async function openAll(page: SourcePage['page']): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}
