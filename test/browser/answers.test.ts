import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReplyGroup } from '../../src/thread/thread.ts'
import { messageBytes } from '../../src/replies/bounds.ts'
import { until } from '../supervise/start.ts'
import { click, isThere, textOf, type, untilThere } from './support/acts.ts'
import { violationsOf } from './support/axe.ts'
import { carryDrops, dropOf } from './support/carry-answers.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { desktop, launch, phone } from './support/launch.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import type { SourcePage } from './support/source-page.ts'
import { goToSourcePage, hooks, openSourcePage, send, untilReceipt } from './support/source-page.ts'
import { drawWords, typeWords, wordsShown } from './support/two-way.ts'
import { watchPage } from './support/watch-page.ts'

/** What a source does with an answer, and what an answer of a desk in the wrong hands cannot do. */

const markup =
  '<img src=x onerror="alert(1)"><script>alert(2)</script><a href="http://x.onion">여기</a>\n' +
  'http://example.onion +8613800000000 tel:+8613800000000 javascript:alert(3) שלום مرحبا'
// As the desk writes it, in NFC.
const marks = `e${'\u0301\u0316'.repeat(1500)}`.normalize('NFC')
const hostile = [markup, marks] as const

let site: Site
const { words, group } = drawWords()
const calm = drawWords()
beforeAll(async () => {
  site = await startSite()
  expect(Buffer.byteLength(marks)).toBeLessThan(messageBytes)
  const write = (to: ReplyGroup, text: string) => dropOf({ to, text })
  await carryDrops(site, 2, [
    await write(group, marks),
    await write(group, markup),
    await write(calm.group, '답장입니다.'),
  ])
})
afterAll(() => site?.close())

describe.each(browserNames.filter(isInstalled))('answers in %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  async function openAnswers(own: readonly string[], page?: Page): Promise<SourcePage> {
    const source = await goToSourcePage(page ?? (await launched.newPage(phone)), 'ko')
    await click(source.page, '#returning')
    await typeWords(source.page, own)
    await untilThere(source.page, '[data-answer]')
    return source
  }

  it('that are hostile are plain text in their own box, above the warning', async () => {
    const page = await launched.newPage(phone)
    const watched = await watchPage(page)
    const source = await openAnswers(words, page)
    // Each is in a drop of its own. Firefox cannot wait by itself: puppeteer would have to make a
    // function from a text, which the policy of the page forbids.
    await until(
      async () =>
        (await source.page.$$eval('[data-answer]', (all) => all.length)) === hostile.length,
      () => 'both answers',
      60_000,
    )
    const before = site.proxy.exchanges.length
    for (const size of [phone, desktop]) {
      await source.page.setViewport(size)
      const seen = await source.page.evaluate(() =>
        [...document.querySelectorAll('[data-answer]')].map((answer) => {
          const text = answer.querySelector('.answer-text')
          const warning = answer.querySelector('.answer-warning')
          const [inner, outer, below] = [text, answer, warning].map((part) =>
            part?.getBoundingClientRect(),
          )
          return {
            text: text?.textContent,
            elements: text?.childElementCount,
            isInside:
              inner !== undefined &&
              outer !== undefined &&
              inner.left >= outer.left &&
              inner.right <= outer.right &&
              outer.right <= innerWidth,
            isWarningBelow: inner !== undefined && below !== undefined && below.top >= inner.bottom,
            clip: text === null ? '' : getComputedStyle(text).overflowX,
          }
        }),
      )
      expect(seen.map(({ text }) => text).toSorted()).toEqual([...hostile].toSorted())
      for (const { text: _, ...box } of seen)
        expect(box).toEqual({ elements: 0, isInside: true, isWarningBelow: true, clip: 'clip' })
    }
    // Marks stacked a thousand high are cut off: what stands below them can still be clicked.
    await source.page.setViewport(phone)
    await click(source.page, '[data-answer] [id$="-reply"]')
    await untilThere(source.page, hooks.narrative)
    const since = site.proxy.exchanges.slice(before)
    expect(since.filter(({ target }) => target.startsWith(onionUrl))).toEqual([])
    expect(await watched.troubles()).toEqual([])
    await source.page.close()
  }, 120_000)

  it('can be followed by a message with new words, which replace the old ones', async () => {
    const source = await openAnswers(calm.words)
    const { page } = source
    await click(page, '#renew')
    await untilThere(page, '#follow-up')
    expect(await violationsOf(page)).toEqual([])
    await type(page, hooks.narrative, '새 낱말이 필요합니다.')
    await send(source)
    const receipt = await untilReceipt(source)
    expect(await isThere(page, '[data-words="shown"]')).toBe(true)
    expect(await textOf(page, '[data-words] .notice')).toBe(source.words.page.words.renewed)
    const fresh = await wordsShown(page)
    expect(fresh).not.toEqual(calm.words)
    expect(await violationsOf(page)).toEqual([])
    await site.untilStored(receipt)
    const { tip } = await site.openTip(receipt)
    expect(tip).toMatchObject({ reply: calm.group, reply_next: { language: 'ko' } })
    expect(tip['reply_next']).not.toEqual(calm.group)
    await page.close()
  }, 120_000)

  it('can be closed without writing anything more', async () => {
    const source = await openAnswers(calm.words)
    const { page } = source
    await click(page, '#close-thread')
    await untilThere(page, '#follow-up')
    expect(await textOf(page, '.follow-up')).toContain(source.words.page.answers.followUp.closing)
    expect(await violationsOf(page)).toEqual([])
    await send(source)
    const receipt = await untilReceipt(source)
    await site.untilStored(receipt)
    const { tip } = await site.openTip(receipt)
    expect(tip).toMatchObject({ reply: calm.group, close: true })
    await page.close()
  }, 120_000)

  it('are not found with words that are wrong, and the person can look at them again', async () => {
    const source = await openSourcePage(launched, 'ko', phone)
    const { page } = source
    await click(page, '#returning')
    await untilThere(page, '#look')
    await click(page, '#look')
    await untilThere(page, '#entry-problem:not(:empty)')
    expect(await violationsOf(page)).toEqual([])
    const swapped = [...calm.words]
    ;[swapped[0], swapped[1]] = [calm.words[1] ?? '', calm.words[0] ?? '']
    await typeWords(page, swapped)
    await untilThere(page, '#entry-problem:not(:empty)')
    expect(await textOf(page, '#entry-problem')).toBe(source.words.page.answers.problems.checksum)
    await page.close()
  }, 120_000)
})
