import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordList } from '../../src/page/app/word-lists/ko.ts'
import { click, type, untilThere } from '../browser/support/acts.ts'
import { carryDrops, dropOf } from '../browser/support/carry-answers.ts'
import type { BrowserName } from '../browser/support/installed.ts'
import { browserNames, isInstalled } from '../browser/support/installed.ts'
import { launch } from '../browser/support/launch.ts'
import type { Site } from '../browser/support/site.ts'
import { startSite } from '../browser/support/site.ts'
import {
  hooks,
  openSourcePage,
  send,
  untilReceipt,
  untilSays,
} from '../browser/support/source-page.ts'
import { drawWords, typeWords, wordsShown } from '../browser/support/two-way.ts'
import { wordsOf } from '../browser/support/words.ts'
import { deriveThread, replyGroupOf } from '../../src/thread/thread.ts'
import { primitives } from '../support/ceremony.ts'
import { until } from '../supervise/start.ts'
import { countInMemory, processesOf } from './support/process-memory.ts'

/**
 * What of the twelve words is in the memory of a running browser after the page was left or cleared.
 * Browsers do not overwrite what they free, so the counts are only printed: all of it is gone once
 * the browser has ended.
 */

/** Words that occur nowhere else on this machine. */
const narrative = '자작나무숲너머강가이야기'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.close())

describe.each(browserNames.filter(isInstalled))('words in the memory of %s', (browser) => {
  it('are there while the answers are read, and are gone once the browser has ended', async () => {
    const { words, group } = drawWords()
    await carryDrops(site, browserNames.indexOf(browser) + 2, [
      await dropOf({ to: group, text: 'x' }),
    ])
    await search(browser, async (page, count) => {
      await click(page, '#returning')
      await typeWords(page, words)
      await untilThere(page, '[data-answer]')
      const { before, count: countAgain } = await count({
        ...needlesOf(words, group),
        'typed, UTF-16': Buffer.from(words.join(' '), 'utf16le'),
        'typed, UTF-8': Buffer.from(words.join(' ')),
      })
      await click(page, 'a.leave')
      await until(
        async () => !page.url().includes('.onion'),
        () => 'the page to be left',
      )
      return { how: 'left', before, count: countAgain }
    })
  }, 600_000)

  it('are there while they are shown, and are gone once the browser has ended', async () => {
    await search(browser, async (page, count) => {
      await type(page, hooks.narrative, narrative)
      const source = { page, words: wordsOf('ko') }
      await send(source)
      await untilReceipt(source)
      const words = await wordsShown(page)
      const thread = deriveThread(primitives, wordList.read(words))
      const { before, count: countAgain } = await count({
        ...needlesOf(words, replyGroupOf(thread, 'ko')),
        'narrative, UTF-16': Buffer.from(narrative, 'utf16le'),
        'narrative, UTF-8': Buffer.from(narrative),
      })
      await click(page, hooks.clear)
      await untilSays(page, wordsOf('ko').page.receipt.cleared)
      return { how: 'cleared', before, count: countAgain }
    })
  }, 600_000)
})

type Needles = Record<string, Buffer>
type Count = () => Promise<Record<string, number>>

const needlesOf = (
  words: readonly string[],
  { tag_key: tagKey }: { tag_key: string },
): Needles => ({
  secret: Buffer.from(wordList.read(words)),
  'tag key': Buffer.from(tagKey, 'hex'),
})

/**
 * Opens the page in a browser of its own, and counts what `act` looks for before and after it ends
 * the visit, and after the browser has ended.
 */
async function search(
  browser: BrowserName,
  act: (
    page: Page,
    count: (needles: Needles) => Promise<{ before: Record<string, number>; count: Count }>,
  ) => Promise<{ how: string; before: Record<string, number>; count: Count }>,
): Promise<void> {
  const launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
  const id = launched.browser.process()?.pid
  if (id === undefined) throw new Error('the browser has no process')
  const { page } = await openSourcePage(launched, 'ko')
  page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
  const { how, before, count } = await act(page, async (needles) => {
    const countAgain = async () => await countInMemory(await processesOf(id), needles)
    return { before: await countAgain(), count: countAgain }
  })
  const after = await count()
  console.log(browser, JSON.stringify({ before, [how]: after }))
  expect(Object.values(before).some((places) => places > 0)).toBe(true)
  await launched.dispose()
  expect(await count()).toEqual(Object.fromEntries(Object.keys(before).map((key) => [key, 0])))
}
