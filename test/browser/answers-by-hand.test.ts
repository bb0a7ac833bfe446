import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../supervise/start.ts'
import { sha256 } from '../support/sealed.ts'
import { sha256OfFile } from '../support/tree.ts'
import { chooseFiles, click, follow, isThere, textOf, untilThere } from './support/acts.ts'
import { violationsOf } from './support/axe.ts'
import { carryDrops, dropOf } from './support/carry-answers.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch, phone } from './support/launch.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import { send } from './support/source-page.ts'
import { drawWords, enterWords } from './support/two-way.ts'
import { wordsOf } from './support/words.ts'

/**
 * At Safest the onion page runs no script: the answers are saved as a file, and a page without a
 * network opens them. The reply is sealed there and sent through the form.
 */

const { words, group } = drawWords()

let site: Site
beforeAll(async () => {
  site = await startSite()
  await carryDrops(site, 2, [await dropOf({ to: group, text: '답장입니다.', asks: ['un'] })])
})
afterAll(() => site?.close())

describe.each(browserNames.filter(isInstalled))('by hand in %s', (browser) => {
  const downloads = () => site.at(`downloads-${browser}`)
  const open = async (level: 'standard' | 'safest'): Promise<Launched> =>
    await launch({
      browser,
      level,
      proxyAddress: site.proxy.address,
      downloadDir: downloads(),
    })

  it('the answer is read and replied to', async () => {
    await mkdir(downloads())
    const reading = await open('safest')
    const page = await reading.newPage(phone)
    await page.goto(`${onionUrl}/ko/answers`)
    expect(await isThere(page, '#enter-words')).toBe(false)
    await click(page, 'a[href="/replies/newest.tar"]')
    const file = join(downloads(), 'newest.tar')
    const served = Buffer.from(await (await fetch(`${site.url}/replies/newest.tar`)).arrayBuffer())
    await untilSaved(file, sha256(served))
    await click(page, 'a[href^="/offline-sealer.html"]')
    const saved = join(downloads(), 'page.html')
    await until(
      async () => existsSync(saved) && (await readFile(saved, 'utf8')).includes('</html>'),
      () => 'the page to be saved',
      30_000,
    )

    const offline = await open('standard')
    const writing = await offline.newPage(phone)
    const first = site.proxy.exchanges.length
    await writing.goto(pathToFileURL(saved).href)
    await click(writing, '#returning')
    await chooseFiles(writing, '#answers-file', file)
    await enterWords(writing, words)
    await untilThere(writing, '[data-answer]')
    expect(await textOf(writing, '.answer-text')).toBe('답장입니다.')
    expect(await violationsOf(writing)).toEqual([])
    await click(writing, 'label[for$="-un-no"]')
    await click(writing, '[data-answer] [id$="-reply"]')
    await send({ page: writing, words: wordsOf('ko') })
    await untilThere(writing, '#saved')
    const receipt = await writing.evaluate(
      () => document.querySelector('#saved')?.getAttribute('data-receipt') ?? '',
    )
    const envelope = join(downloads(), 'notes.age')
    await untilSaved(envelope, receipt)
    expect(
      site.proxy.exchanges.slice(first).filter(({ target }) => target.includes('.onion')),
    ).toEqual([])
    await offline.dispose()

    await page.goto(`${onionUrl}/ko/`)
    await chooseFiles(page, 'form[action^="/submissions"] input[type=file]', envelope)
    await follow(page, 'form[action^="/submissions"] [type=submit]')
    await site.untilStored(receipt)
    const { tip } = await site.openTip(receipt)
    expect(tip).toMatchObject({
      reply: group,
      answers: expect.stringMatching(/^[0-9a-f]{32}$/),
      consent: [{ recipient: 'un', level: 'no' }],
    })
    await reading.dispose()
  }, 240_000)
})

it('tumen answers reads the same with the words in a file', async () => {
  await writeFile(site.at('words.txt'), words.join(' '))
  const asking = ['answers', '--words-file', 'words.txt', '--to', site.url, '--json']
  const { status, stdout } = await site.tumen(...asking)
  expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({
    status: 0,
    answers: [{ text: '답장입니다.', asks: ['un'] }],
  })
})

async function untilSaved(path: string, digest: string): Promise<void> {
  await until(
    async () => existsSync(path) && (await sha256OfFile(path)) === digest,
    () => `${path} with the digest ${digest}`,
    30_000,
  )
}
