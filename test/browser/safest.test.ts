import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../support/sealed.ts'
import { writeSeeded } from '../support/seeded.ts'
import { sha256OfFile } from '../support/tree.ts'
import { chooseFiles, follow, isThere, shownText, textOf, type } from './support/acts.ts'
import { photographAll } from './support/artefacts.ts'
import { controlUrl, openControlSite } from './support/control-site.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { sealWithAge, sealWithTumen, startSite } from './support/site.ts'
import { hooks } from './support/source-page.ts'
import { fullLanguages, wordsOf } from './support/words.ts'

/** Tor Browser at Safest: the page is plain HTML, and accepts a file that was sealed elsewhere. */

const koreanTip = {
  schema: 'urn:tumen:detention_tip:1',
  narrative:
    '11월 4일 새벽 선양에서 세 사람이 잡혀갔습니다.\n“어디로 갔는지 모릅니다.” <b>&amp;</b>',
  lang: 'ko',
  persons: [
    { names: [{ text: '리영희', script: 'Hang' }], sex: 'female', birth: '1989~', status: 'held' },
  ],
}
const photo = '체포 장면 사진.jpg'
const video = '국경 쪽 영상.mp4'

const fileInput = 'form[action^="/submissions"] input[type=file][name=envelope]'
const sendButton = 'form[action^="/submissions"] [type=submit]'

let site: Site
beforeAll(async () => {
  site = await startSite()
  await writeSeeded(site.at(photo), 'photo', 200_000)
  await writeSeeded(site.at(video), 'video', 3_000_000)
})
afterAll(() => site?.close())

describe.each(browserNames.filter(isInstalled))(
  'the page at Safest in %s',
  (browser) => {
    let launched: Launched
    beforeAll(async () => {
      launched = await launch({ browser, level: 'safest', proxyAddress: site.proxy.address })
    }, 90_000)
    afterAll(() => launched?.dispose())

    it('runs no script, and requests none', async () => {
      const control = await openControlSite(site.proxy)
      const page = await launched.newPage()
      await page.goto(controlUrl)
      expect(await page.title()).toBe('control')
      await control.close()
      const first = site.proxy.exchanges.length
      await page.goto(`${onionUrl}/en/`)
      expect(await isThere(page, hooks.narrative)).toBe(false)
      const asked = site.proxy.exchanges.slice(first).map(({ target }) => new URL(target).pathname)
      expect(asked).toContain('/en/')
      expect(asked.filter((path) => path.endsWith('.js'))).toEqual([])
      await page.close()
    })

    it.each(fullLanguages)('shows the ways to send without scripts (%s)', async (language) => {
      const page = await launched.newPage()
      await page.goto(`${onionUrl}/${language}/`)
      await photographAll(page, `safest-${browser}-${language}-home`)
      const text = await shownText(page)
      expect(text).not.toContain(wordsOf(language).page.withoutScript.loading)
      for (const way of ['age -R recipients.txt', 'age -R recipients-x25519.txt', 'tumen seal'])
        expect(text).toContain(way)
      const sealer = `/offline-sealer.html?lang=${language}`
      for (const path of ['/recipients.txt', '/recipients-x25519.txt', sealer])
        expect(await isThere(page, `a[href="${path}"]`)).toBe(true)
      await page.close()
    })

    async function sendByForm(language: string, path: string) {
      const page = await launched.newPage()
      await page.goto(`${onionUrl}/${language}/`)
      await chooseFiles(page, fileInput, path)
      await follow(page, sendButton)
      return page
    }

    it.each(fullLanguages)(
      'accepts a file from tumen seal and shows the receipt (%s)',
      async (language) => {
        const sealed = await sealWithTumen(
          site,
          koreanTip,
          [site.at(photo), site.at(video)],
          `${browser}-${language}.age`,
        )
        const page = await sendByForm(language, sealed.path)
        expect((await textOf(page, 'main')).replaceAll(/\s/g, '')).toContain(sealed.receipt)
        await site.untilStored(sealed.receipt)
        await photographAll(page, `safest-${browser}-${language}-receipt`)
        await follow(page, 'footer a[href^="/receipts"]')
        await type(page, 'form [name=receipt]', sealed.receipt.match(/.{4}/g)?.join(' ') ?? '')
        await follow(page, 'form[action^="/receipts"] [type=submit]')
        expect(await shownText(page)).toContain(wordsOf(language).page.receipt.states.stored)
        expect(page.url()).not.toContain(sealed.receipt)
        const { tip, attachments } = await site.openTip(sealed.receipt)
        const { attachments: described, ...rest } = tip
        expect(rest).toEqual(koreanTip)
        expect(described).toMatchObject([
          { name: photo, bytes: 200_000 },
          { name: video, bytes: 3_000_000 },
        ])
        expect(attachments).toEqual({
          [photo]: await sha256OfFile(site.at(photo)),
          [video]: await sha256OfFile(site.at(video)),
        })
        await page.close()
      },
    )

    it("accepts a file from the distribution's age", async () => {
      const photoBytes = await readFile(site.at(photo))
      const sealed = await sealWithAge(
        site,
        koreanTip,
        { [photo]: photoBytes },
        `${browser}-by-hand.age`,
      )
      const page = await sendByForm('ko', sealed.path)
      expect((await textOf(page, 'main')).replaceAll(/\s/g, '')).toContain(sealed.receipt)
      await site.untilStored(sealed.receipt)
      const { tip, attachments } = await site.openTip(sealed.receipt)
      expect(tip).toEqual(koreanTip)
      expect(attachments).toEqual({ [photo]: sha256(photoBytes) })
      await page.close()
    })

    it.each(fullLanguages)(
      'refuses a file that is not sealed, and says that nothing was kept (%s)',
      async (language) => {
        const before = await site.receipts()
        const path = site.at(`${browser}-${language}-plain.txt`)
        await writeFile(path, '이것은 봉하지 않은 글입니다. '.repeat(5000))
        const page = await sendByForm(language, path)
        const { problems } = wordsOf(language).page
        const said = await shownText(page)
        expect(said).toContain(problems.nothingKept)
        expect(said).toContain(problems.texts.NOT_AGE[0])
        await photographAll(page, `safest-${browser}-${language}-refused`)
        expect(await site.receipts()).toEqual(before)
        await page.close()
      },
    )
  },
  60_000,
)
