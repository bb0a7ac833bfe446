import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  newestRepliesName,
  olderRepliesName,
  pathBelow,
  repliesPath,
} from '../../src/wire/names.ts'
import { until } from '../supervise/start.ts'
import { chooseFiles, click, textOf, type, untilThere } from './support/acts.ts'
import { carryDrops, dropOf } from './support/carry-answers.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import { pictureWithPlace } from './support/pictures.ts'
import type { Exchange } from './support/proxy.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import type { SourcePage } from './support/source-page.ts'
import {
  hooks,
  openSourcePage,
  send,
  untilFilesReady,
  untilReceipt,
} from './support/source-page.ts'
import { drawWords, tapWords, typeWords, wordsShown } from './support/two-way.ts'

/**
 * What a visit downloads does not depend on who visits. An observer of the server or of the line
 * sees the requests: they must not show who has words, or who finds an answer.
 */

const newestPath = pathBelow(repliesPath, newestRepliesName)
const olderPath = pathBelow(repliesPath, olderRepliesName(1))
const right = drawWords()
const wrong = drawWords()

let site: Site
let answerId = ''
beforeAll(async () => {
  site = await startSite()
  await writeFile(site.at('photo.jpg'), pictureWithPlace())
  const drop = await dropOf({ to: right.group, text: '답장' })
  answerId = drop.id
  await carryDrops(site, 2, [drop])
})
afterAll(() => site?.close())

async function writeAndSend(source: SourcePage): Promise<void> {
  await type(source.page, hooks.narrative, 'x')
  await click(source.page, hooks.askMe)
  await send(source)
  await untilReceipt(source)
}

async function lookUp({ page }: SourcePage, words: readonly string[]): Promise<void> {
  await click(page, '#returning')
  await typeWords(page, words)
}

const visitors: Readonly<Record<string, (source: SourcePage) => Promise<void>>> = {
  'only looks': async () => undefined,
  'writes something, adds a photo and leaves': async ({ page }) => {
    await type(page, hooks.narrative, 'x')
    await chooseFiles(page, hooks.files, site.at('photo.jpg'))
    await untilFilesReady(page, 1)
  },
  'sends a quick tip': writeAndSend,
  'sends and keeps the words': async (source) => {
    await writeAndSend(source)
    const words = await wordsShown(source.page)
    await click(source.page, '#words-written')
    await tapWords(source.page, words)
    await untilThere(source.page, '[data-words="checked"]')
  },
  'enters words and reads an answer': async (source) => {
    await lookUp(source, right.words)
    await untilThere(source.page, '[data-answer]')
  },
  'enters words of nobody': async (source) => {
    await lookUp(source, wrong.words)
    await untilThere(source.page, '#nothing-found')
  },
  'replies to an answer': async (source) => {
    await lookUp(source, right.words)
    await click(source.page, '[data-answer] [id$="-reply"]')
    await type(source.page, hooks.narrative, 'y')
    await send(source)
    await untilReceipt(source)
  },
}

/** Sending itself is seen by everybody who observes the server: it is the one difference. */
const isSending = (path: string): boolean => /^\/(uploads|submissions)(\/|$)/.test(path)
/** A browser fetches the icon of a site once, in the first visit after it was started. */
const isIcon = (path: string): boolean => path === '/icon.svg'

interface Visit {
  /** Paths in alphabetical order, each as often as it was asked for. */
  paths: string[]
  /** The ranges of the newest answers that were asked for; `all` without one. */
  ranges: string[]
}

function visitOf(exchanges: readonly Exchange[]): Visit {
  const asked = exchanges
    .filter(({ target }) => target.startsWith(onionUrl))
    .map(({ target, requestHeaders }) => ({
      path: new URL(target).pathname,
      range: requestHeaders.range ?? 'all',
    }))
  const isBundle = ({ path }: { path: string }) => path === newestPath
  return {
    paths: asked
      .filter((each) => !isBundle(each))
      .map(({ path }) => path)
      .filter((path) => !isSending(path) && !isIcon(path))
      .toSorted(),
    ranges: asked.filter(isBundle).map(({ range }) => range),
  }
}

/** What somebody who compares the two visits sees, one line for each difference. */
function differences(visit: Visit, other: Visit): string[] {
  const left = [...other.paths]
  const onlyHere = visit.paths.filter((path) => {
    const place = left.indexOf(path)
    if (place >= 0) left.splice(place, 1)
    return place < 0
  })
  return [...onlyHere.map((path) => `+ ${path}`), ...left.map((path) => `- ${path}`)]
}

describe.each(browserNames.filter(isInstalled))('visitors in %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  /** A visit that lasts until the answers have come, as every visit may. */
  async function visit(act: (source: SourcePage) => Promise<void>): Promise<Visit> {
    const first = site.proxy.exchanges.length
    const source = await openSourcePage(launched, 'ko')
    const { page } = source
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await untilThere(page, hooks.keyringReady)
    await act(source)
    const exchanges = () => site.proxy.exchanges.slice(first)
    await until(
      async () =>
        exchanges().some(
          ({ target, status }) => target === `${onionUrl}${newestPath}` && status !== null,
        ),
      () => 'the newest answers to be fetched',
      30_000,
    )
    const seen = visitOf(exchanges())
    await page.close()
    return seen
  }

  it('cause the same requests, apart from the sending itself', async () => {
    const plain = await visit(async () => undefined)
    expect(plain.paths).toEqual(
      expect.arrayContaining(['/ko/', '/keyring.json', '/replies/index.json']),
    )
    expect(plain.ranges).toEqual(['all'])
    for (const [name, act] of Object.entries(visitors)) {
      const seen = await visit(act)
      expect({ name, differences: differences(seen, plain) }).toEqual({ name, differences: [] })
      // A transfer that sending interrupted continues where it was.
      expect(seen.ranges[0]).toBe('all')
      for (const range of seen.ranges.slice(1)) expect(range).toMatch(/^bytes=\d+-$/)
    }
    // Control: a page that fetched by words would be found.
    const planted = await visit(async ({ page }) => {
      await page.evaluate(
        (path) => fetch(path).then(({ status }) => status),
        `/replies/${answerId}.tar`,
      )
    })
    expect(differences(planted, plain)).toEqual([`+ /replies/${answerId}.tar`])
  }, 300_000)
})

describe.skipIf(!isInstalled('chromium'))('an answer in an older drop', () => {
  it('is shown after the newest ones, and is fetched by those who have no words too', async () => {
    const old = await dropOf({ to: wrong.group, text: '오래된 답장' })
    const others = await Promise.all(
      Array.from({ length: 14 }, () => dropOf({ to: right.group, text: 'x' })),
    )
    await carryDrops(site, 3, [...others, old])
    const launched = await launch({
      browser: 'chromium',
      level: 'standard',
      proxyAddress: site.proxy.address,
    })
    const paths: string[][] = []
    for (const hasWords of [true, false]) {
      const first = site.proxy.exchanges.length
      const source = await openSourcePage(launched, 'ko')
      await untilThere(source.page, hooks.keyringReady)
      if (hasWords) {
        await lookUp(source, wrong.words)
        await untilThere(source.page, '[data-answer]')
        expect(await textOf(source.page, '.answer-text')).toBe('오래된 답장')
      }
      const seen = () => visitOf(site.proxy.exchanges.slice(first)).paths
      await until(
        async () => seen().includes(olderPath),
        () => 'the older answers to be fetched',
        60_000,
      )
      paths.push(seen())
      await source.page.close()
    }
    expect(paths[0]).toEqual(paths[1])
    await launched.dispose()
  }, 240_000)
})
