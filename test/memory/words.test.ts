import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordList } from '../../src/page/app/word-lists/ko.ts'
import { click, untilThere } from '../browser/support/acts.ts'
import { carryDrops, dropOf } from '../browser/support/carry-answers.ts'
import { browserNames, isInstalled } from '../browser/support/installed.ts'
import { launch } from '../browser/support/launch.ts'
import type { Site } from '../browser/support/site.ts'
import { startSite } from '../browser/support/site.ts'
import { openSourcePage } from '../browser/support/source-page.ts'
import { drawWords, typeWords } from '../browser/support/two-way.ts'
import { until } from '../supervise/start.ts'
import { countInMemory, processesOf } from './support/process-memory.ts'

/**
 * What of the twelve words is in the memory of a running browser after the page was left. Browsers
 * do not overwrite what they free, so the counts are only printed: all of it is gone once the
 * browser has ended.
 */

let site: Site
beforeAll(async () => {
  site = await startSite()
}, 60_000)
afterAll(() => site?.close())

describe.each(browserNames.filter(isInstalled))('words in the memory of %s', (browser) => {
  it('are there while the page is open, and are gone once the browser has ended', async () => {
    const { words, group } = drawWords()
    await carryDrops(site, browserNames.indexOf(browser) + 2, [
      await dropOf({ to: group, text: 'x' }),
    ])
    const launched = await launch({
      browser,
      level: 'standard',
      proxyAddress: site.proxy.address,
    })
    const id = launched.browser.process()?.pid
    if (id === undefined) throw new Error('the browser has no process')
    const typed = words.join(' ')
    const count = async () =>
      await countInMemory(await processesOf(id), {
        secret: Buffer.from(wordList.read(words)),
        'tag key': Buffer.from(group.tag_key, 'hex'),
        'typed, UTF-16': Buffer.from(typed, 'utf16le'),
        'typed, UTF-8': Buffer.from(typed),
      })
    const { page } = await openSourcePage(launched, 'ko')
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await click(page, '#returning')
    await typeWords(page, words)
    await untilThere(page, '[data-answer]')
    const before = await count()
    await click(page, 'a.leave')
    await until(
      async () => !page.url().includes('.onion'),
      () => 'the page to be left',
    )
    const left = await count()
    console.log(browser, JSON.stringify({ before, left }))
    expect(Object.values(before).some((places) => places > 0)).toBe(true)
    await launched.dispose()
    expect(await count()).toEqual(Object.fromEntries(Object.keys(before).map((key) => [key, 0])))
  }, 600_000)
})
