import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatKeyring, parseKeyring } from '../../src/keyring/keyring.ts'
import { keyringFileName, signatureFileName } from '../../src/keyring/load.ts'
import { parseSecretKey } from '../../src/keyring/minisign.ts'
import { signKeyring } from '../../src/keyring/sign.ts'
import { addDays, dayOfInstant } from '../../src/time/day.ts'
import { click, shownText, untilThere } from './support/acts.ts'
import { photograph } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import { launch, phone, type Launched } from './support/launch.ts'
import { onionUrl } from './support/proxy.ts'
import { quick } from './support/quick-tip.ts'
import { startSite, type Site } from './support/site.ts'
import type { SourcePage } from './support/source-page.ts'
import { fillIn, goToSourcePage, hooks, send, untilReceipt } from './support/source-page.ts'

/**
 * A server whose keyring has expired: what a source sees, and how the message can still be sent.
 */

const today = dayOfInstant(new Date())
const yesterday = addDays(today, -1)

let site: Site
let current: { bytes: Uint8Array; signature: Uint8Array }
beforeAll(async () => {
  site = await startSite()
  current = {
    bytes: await readFile(site.at('keys', keyringFileName)),
    signature: await readFile(site.at('keys', signatureFileName)),
  }
})
afterAll(() => site?.close())

async function serve(files: { bytes: Uint8Array; signature: Uint8Array | string }): Promise<void> {
  await writeFile(join(site.at('keys'), keyringFileName), files.bytes)
  await writeFile(join(site.at('keys'), signatureFileName), files.signature)
  await site.killIntake()
}

/** The same keys, signed by the same root until yesterday. */
async function letExpire(): Promise<void> {
  const keyring = parseKeyring(current.bytes)
  const since = addDays(today, -300)
  const bytes = formatKeyring({
    ...keyring,
    issued: since,
    expires: yesterday,
    recipients: keyring.recipients.map((entry) => ({ ...entry, valid_from: since })),
    signers: keyring.signers.map((entry) => ({ ...entry, valid_from: since })),
  })
  const root = parseSecretKey(await readFile(site.at('var', 'demo', 'root.key'), 'utf8'))
  await serve({ bytes, signature: signKeyring(bytes, root) })
}

describe.each(browserNames.filter(isInstalled))('an expired keyring, in %s', (browser) => {
  let launched: Launched
  let opened: SourcePage
  beforeAll(async () => {
    launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
    opened = await goToSourcePage(await launched.newPage(phone), 'ko')
    await untilThere(opened.page, hooks.keyringReady)
    await fillIn(opened, quick)
    await letExpire()
  }, 120_000)
  afterAll(() => launched?.dispose())

  it('closes the server, which says so, lets a person leave and offers nothing else', async () => {
    const page = await launched.newPage(phone)
    for (const path of ['/ko/', '/ko/answers', '/receipts?lang=ko', '/sealed?lang=ko']) {
      const answer = await page.goto(`${onionUrl}${path}`)
      const shown = await shownText(page)
      expect(answer?.status(), path).toBe(503)
      for (const sentence of opened.words.page.problems.texts.CLOSED)
        expect(shown, path).toContain(sentence)
      expect(await page.$('a.leave')).not.toBeNull()
      const links = await page.$$eval('main a, footer a', (found) => found.length)
      expect(links, path).toBe(0)
      await photograph(page, `closed-${browser}`)
    }
    await page.close()
  }, 90_000)

  it('leaves an open page its text, and its tip is sent once the server is open again', async () => {
    const { page, words } = opened
    await page.bringToFront()
    await send(opened)
    await untilThere(page, '#phase[data-problem="CLOSED"]')
    await photograph(page, `closed-while-open-${browser}`)
    expect(await shownText(page)).toContain(words.page.problems.texts.CLOSED[0])
    expect(await page.$('#interruptions')).toBeNull()
    expect(await page.$(hooks.receipt)).toBeNull()
    // The way back to the text.
    await click(page, hooks.cancel)
    await click(page, hooks.cancelYes)
    await untilThere(page, hooks.narrative)
    const narrative = await page.$eval(
      hooks.narrative,
      (field) => (field as HTMLTextAreaElement).value,
    )
    expect(narrative).toBe(quick.narrative)
    await serve(current)
    await send(opened)
    const receipt = await untilReceipt(opened)
    await site.untilStored(receipt)
    expect((await site.openTip(receipt)).tip).toMatchObject({ narrative: quick.narrative })
  }, 120_000)
})
