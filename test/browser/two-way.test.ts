import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { click, isThere, textOf, type, untilThere } from './support/acts.ts'
import { photographAll } from './support/artefacts.ts'
import { violationsOf } from './support/axe.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched, Level } from './support/launch.ts'
import { launch, phone } from './support/launch.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import { hooks, openSourcePage, send, untilReceipt } from './support/source-page.ts'
import { tapWords, wordsShown } from './support/two-way.ts'

/** A source who comes back: words on paper, an answer, and a second message. */

let site: Site
beforeAll(async () => {
  site = await startSite()
}, 60_000)
afterAll(() => site?.close())

const levels: readonly Level[] = ['standard', 'safer']
const cases = browserNames
  .filter(isInstalled)
  .flatMap((browser) => levels.map((level) => ({ browser, level })))

describe.each(cases)('a source who comes back at $level in $browser', ({ browser, level }) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({ browser, level, proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  it('gets twelve words with the receipt, and finds them again by tapping', async () => {
    const source = await openSourcePage(launched, 'ko', phone)
    const { page } = source
    await untilThere(page, '[data-keys="confirmed"]', 60_000)
    await type(page, hooks.narrative, '세 사람이 잡혀갔습니다.')
    await send(source)
    const receipt = await untilReceipt(source)
    await photographAll(page, `words-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    const words = await wordsShown(page)
    expect(words).toHaveLength(12)
    await click(page, '#words-written')
    await photographAll(page, `words-check-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    await tapWords(page, words)
    expect(await isThere(page, '[data-words="checked"]')).toBe(true)
    const shown = await textOf(page)
    expect(words.filter((word) => word.length > 2 && shown.includes(word))).toEqual([])
    await site.untilStored(receipt)
    const { tip } = await site.openTip(receipt)
    expect(tip).toMatchObject({ schema: 'urn:tumen:detention_tip:2', reply: { language: 'ko' } })
  }, 120_000)
})
