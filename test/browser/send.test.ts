import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSeeded } from '../support/seeded.ts'
import { needlesIn, sha256OfFile } from '../support/tree.ts'
import { click, type } from './support/acts.ts'
import { photograph } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched, Level } from './support/launch.ts'
import { launch, phone } from './support/launch.ts'
import { cameraModel, pictureWithPlace } from './support/pictures.ts'
import { onionUrl } from './support/proxy.ts'
import { quick, quickTipOf, withoutReply } from './support/quick-tip.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import {
  chooseTipFiles,
  fillIn,
  goToSourcePage,
  hooks,
  openSourcePage,
  send,
  untilReceipt,
  untilSays,
} from './support/source-page.ts'
import { watchPage } from './support/watch-page.ts'

/** The two-minute path of a relative in a hurry. */

const photo = '체포 장면 사진.jpg'
const video = '국경 쪽 영상.bin'
const videoBytes = 3 * 1024 * 1024 + 17

let site: Site
beforeAll(async () => {
  site = await startSite()
  await writeFile(site.at(photo), pictureWithPlace())
  await writeSeeded(site.at(video), 'video', videoBytes)
})
afterAll(() => site?.close())

const levels: readonly Level[] = ['standard', 'safer']
const cases = browserNames
  .filter(isInstalled)
  .flatMap((browser) => levels.map((level) => ({ browser, level })))

describe.each(cases)('the page at $level in $browser', ({ browser, level }) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({ browser, level, proxyAddress: site.proxy.address })
  }, 90_000)
  afterAll(() => launched?.dispose())

  it('has WebAssembly only at Standard, and is no secure context', async () => {
    const page = await launched.newPage()
    await page.goto(`${onionUrl}/ko/`)
    const facts = await page.evaluate(() => ({
      hasWebAssembly: 'WebAssembly' in globalThis,
      isSecure: isSecureContext,
    }))
    expect(facts).toEqual({ hasWebAssembly: level === 'standard', isSecure: false })
    await page.close()
  })

  it('delivers a Korean tip with two files to the desk, with every field and byte', async () => {
    const page = await launched.newPage(phone)
    const watched = await watchPage(page)
    const source = await goToSourcePage(page, 'ko')
    await fillIn(source, quick)
    await chooseTipFiles(source, site.at(photo), site.at(video))
    await untilSays(page, source.words.form.files.outcomes.removed)
    await send(source)
    const receipt = await untilReceipt(source)
    expect(receipt).toMatch(/^[0-9a-f]{64}$/)
    await photograph(page, `sent-${browser}-${level}`)
    await site.untilStored(receipt)
    const { tip, attachments, folder } = await site.openTip(receipt)
    expect(withoutReply(tip)).toEqual(quickTipOf(attachmentsOf(attachments)))
    expect(attachments[video]).toBe(await sha256OfFile(site.at(video)))
    expect(Object.keys(attachments)).toEqual([photo, video].sort())
    expect(await needlesIn(join(folder, 'attachments', photo), [cameraModel])).toEqual([])
    expect(await watched.troubles()).toEqual([])
    await page.close()
  }, 120_000)

  it('removes the location from a picture by default, and keeps it on request', async () => {
    const source = await openSourcePage(launched, 'en')
    const { page, words } = source
    await type(page, hooks.narrative, 'One picture as it is.')
    await chooseTipFiles(source, site.at(photo))
    await click(page, hooks.keepPlace)
    await untilSays(page, words.form.files.outcomes.kept)
    await send(source)
    const kept = await site.openTip(await stored(await untilReceipt(source)))
    expect(kept.attachments).toEqual({ [photo]: await sha256OfFile(site.at(photo)) })
    expect(await needlesIn(join(kept.folder, 'attachments', photo), [cameraModel])).toEqual([
      cameraModel,
    ])
    expect(kept.tip).toMatchObject({ attachments: [{ metadata: 'kept' }] })
    await page.close()
  }, 90_000)

  it('clears the page and shows nothing of the tip again', async () => {
    const source = await openSourcePage(launched, 'en')
    const { page, words } = source
    await type(page, hooks.narrative, 'Nothing of this stays.')
    await send(source)
    const receipt = await untilReceipt(source)
    await click(page, hooks.clear)
    await untilSays(page, words.page.receipt.cleared)
    const html = await page.content()
    expect(
      [receipt, receipt.slice(0, 4), 'Nothing of this'].filter((trace) => html.includes(trace)),
    ).toEqual([])
    await page.close()
  }, 90_000)
})

async function stored(receipt: string): Promise<string> {
  await site.untilStored(receipt)
  return receipt
}

function attachmentsOf(digests: Readonly<Record<string, string>>): object[] {
  return [
    {
      name: photo,
      media_type: 'image/jpeg',
      bytes: expect.any(Number),
      sha256: digests[photo],
      metadata: 'removed',
    },
    {
      name: video,
      media_type: expect.anything(),
      bytes: videoBytes,
      sha256: digests[video],
      metadata: 'cannot_be_removed',
    },
  ]
}
