import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../supervise/start.ts'
import { keepMore } from './support/firefox-prefs.ts'
import { click, type, untilThere } from './support/acts.ts'
import { carryDrops, dropOf } from './support/carry-answers.ts'
import { leaveTraces, openControlSite } from './support/control-site.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import { launch } from './support/launch.ts'
import type { Launched } from './support/launch.ts'
import { wordsInProfile } from './support/profile.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import { hooks, openSourcePage, send, untilReceipt } from './support/source-page.ts'
import { drawWords, enterWords, typeWords, wordsShown } from './support/two-way.ts'

/** The twelve words are gone with the page, whichever way it ends. */

const typed = drawWords()
const tapped = drawWords()
/** Control: kept on purpose by a page that stores everything it can. */
const controlWords = drawWords().words

/**
 * Single words are in the list that every visit loads. Two words that are neighbours on the slip
 * occur together only where somebody's words are kept.
 */
function pairsOf(words: readonly string[]): string[] {
  const separators = [' ', '', '\n', ',', '","', '</li><li>']
  return words.slice(1).flatMap((word, place) => {
    const before = words[place] ?? ''
    return separators.map((separator) => `${before}${separator}${word}`)
  })
}

let site: Site
beforeAll(async () => {
  site = await startSite()
  await carryDrops(site, 2, [await dropOf({ to: typed.group, text: '답장' })])
})
afterAll(() => site?.close())

describe.each(browserNames.filter(isInstalled))('twelve words in %s', (browser) => {
  let sentWords: string[] = []
  const inProfile: string[] = []
  let found: string[] = []

  /** Three tabs: one is cleared, one is left quickly, one is still open at the end. */
  async function visitAll(launched: Launched): Promise<void> {
    const sent = await openSourcePage(launched, 'ko')
    await type(sent.page, hooks.narrative, 'x')
    await click(sent.page, hooks.askMe)
    await send(sent)
    await untilReceipt(sent)
    sentWords = await wordsShown(sent.page)
    const back = await openSourcePage(launched, 'ko')
    await click(back.page, '#returning')
    await typeWords(back.page, typed.words)
    await untilThere(back.page, '[data-answer]')
    await sent.page.bringToFront()
    await click(sent.page, hooks.clear)
    await untilThere(sent.page, 'main h1')
    await back.page.bringToFront()
    back.page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await click(back.page, 'a.leave')
    await until(
      async () => !back.page.url().startsWith(onionUrl),
      () => 'the page to be left',
    )
    // Words in a tab that is still open when the browser is closed.
    const open = await openSourcePage(launched, 'ko')
    await click(open.page, '#returning')
    await enterWords(open.page, tapped.words)
    await untilThere(open.page, '[data-answers]')
  }

  beforeAll(async () => {
    const launched = await launch({
      browser,
      level: 'standard',
      proxyAddress: site.proxy.address,
      prefs: keepMore,
    })
    try {
      await visitAll(launched)
      const control = await openControlSite(site.proxy)
      await leaveTraces(await launched.newPage(), controlWords.join(' '))
      await until(
        async () => (await foundIn(launched.profileDir, controlWords)).length > 0,
        () => 'the control to be written',
      )
      await launched.quit()
      await control.close()
      const foundNow = (words: readonly string[]) =>
        wordsInProfile(launched.profileDir, pairsOf(words))
      for (const words of [sentWords, typed.words, tapped.words])
        inProfile.push(...(await foundNow(words)))
      found = await foundNow(controlWords)
    } finally {
      await launched.dispose()
    }
  }, 240_000)

  it('are nowhere in the profile', () => {
    expect(sentWords).toHaveLength(12)
    expect(inProfile).toEqual([])
  })

  it('would have been found there (control)', () => {
    expect(found.length).toBeGreaterThan(1)
  })

  it('are in no request', () => {
    const sent = site.proxy.exchanges
      .filter(({ target }) => target.startsWith(onionUrl))
      .map(({ target, requestHeaders }) =>
        decodeURIComponent(JSON.stringify([target, requestHeaders])),
      )
    expect(sent.length).toBeGreaterThan(20)
    const words = [...sentWords, ...typed.words, ...tapped.words]
    expect(sent.filter((text) => words.some((word) => text.includes(word)))).toEqual([])
  })
})

/** A running browser may replace its files at any time. */
const foundIn = async (profileDir: string, words: readonly string[]): Promise<string[]> =>
  await wordsInProfile(profileDir, pairsOf(words)).catch(() => [])
