import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../supervise/start.ts'
import { writeSeeded } from '../support/seeded.ts'
import { sha256OfFile } from '../support/tree.ts'
import { untilThere } from './support/acts.ts'
import { violationsOf } from './support/axe.ts'
import { photographAll } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched, Level } from './support/launch.ts'
import { launch } from './support/launch.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import { chooseTipFiles, fillIn, hooks, send } from './support/source-page.ts'
import { watchPage } from './support/watch-page.ts'
import { wordsOf } from './support/words.ts'

/**
 * The offline sealer: a single file, opened from disk with the network off, that seals to the desk.
 */

const quick = {
  narrative: '인터넷 없이 쓴 글입니다. 두 사람이 잡혀갔습니다.',
  name: '리영희',
  age: '27',
  when: '11월 초',
  where: '선양',
}
const recording = '녹음.bin'
const recordingBytes = 1_500_000

let site: Site
let sealerUrl = ''
beforeAll(async () => {
  site = await startSite()
  const answer = await fetch(`${site.url}/offline-sealer.html?lang=ko`)
  expect(answer.headers.get('content-disposition')).toContain('attachment')
  await writeFile(site.at('offline sealer.html'), Buffer.from(await answer.arrayBuffer()))
  sealerUrl = pathToFileURL(site.at('offline sealer.html')).href
  await writeSeeded(site.at(recording), 'offline', recordingBytes)
})
afterAll(() => site?.close())

const levels: readonly Level[] = ['standard', 'safer']
const cases = browserNames
  .filter(isInstalled)
  .flatMap((browser) => levels.map((level) => ({ browser, level })))

describe.each(cases)('the offline sealer at $level in $browser', ({ browser, level }) => {
  let launched: Launched
  let downloads = ''
  beforeAll(async () => {
    downloads = site.at(`downloads-${browser}-${level}`)
    await mkdir(downloads)
    launched = await launch({
      browser,
      level,
      proxyAddress: site.proxy.address,
      downloadDir: downloads,
    })
  }, 90_000)
  afterAll(() => launched?.dispose())

  it('seals to a file that the desk opens, and makes no network request', async () => {
    const first = site.proxy.exchanges.length
    const page = await launched.newPage()
    const watched = await watchPage(page)
    await page.goto(sealerUrl)
    const source = { page, words: wordsOf('ko') }
    await untilThere(page, hooks.narrative)
    await fillIn(source, quick)
    await chooseTipFiles(source, site.at(recording))
    await photographAll(page, `offline-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    await send(source)
    await untilThere(page, '#saved')
    await photographAll(page, `offline-${browser}-${level}-saved`)
    expect(await violationsOf(page)).toEqual([])
    const receipt = await page.evaluate(
      () => document.querySelector('#saved')?.getAttribute('data-receipt') ?? '',
    )
    const envelope = join(downloads, 'notes.age')
    await until(
      async () => existsSync(envelope) && (await sha256OfFile(envelope)) === receipt,
      () => `${envelope} with the digest ${receipt}`,
      30_000,
    )
    expect(
      site.proxy.exchanges.slice(first).filter(({ target }) => target.includes('.onion')),
    ).toEqual([])
    expect(await watched.troubles()).toEqual([])
    await submit(envelope)
    await site.untilStored(receipt)
    const { tip, attachments } = await site.openTip(receipt)
    expect(tip).toMatchObject({
      narrative: quick.narrative,
      lang: 'ko',
      urgent_now: 'yes',
      event: { when_text: quick.when, where_taken: { text: quick.where } },
    })
    expect(attachments).toEqual({ [recording]: await sha256OfFile(site.at(recording)) })
    await page.close()
  }, 180_000)

  it('could not reach the network if it tried', async () => {
    const page = await launched.newPage()
    await page.goto(sealerUrl)
    await untilThere(page, hooks.narrative)
    const first = site.proxy.exchanges.length
    const outcome = await page.evaluate(() =>
      fetch('http://elsewhere.example/').then(
        () => 'reached',
        () => 'refused',
      ),
    )
    expect(outcome).toBe('refused')
    expect(
      site.proxy.exchanges.slice(first).filter(({ target }) => target.includes('elsewhere')),
    ).toEqual([])
    await page.close()
  })
})

async function submit(envelope: string): Promise<void> {
  const answer = await fetch(`${site.url}/submissions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      accept: 'application/json',
      'content-length': String((await stat(envelope)).size),
    },
    body: await readFile(envelope),
  })
  expect(answer.status).toBe(201)
}
