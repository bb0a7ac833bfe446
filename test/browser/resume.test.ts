import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../supervise/start.ts'
import { writeSeeded } from '../support/seeded.ts'
import { sha256OfFile } from '../support/tree.ts'
import { press, type, untilThere } from './support/acts.ts'
import { photograph } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched } from './support/launch.ts'
import { launch } from './support/launch.ts'
import type { Exchange } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import type { SourcePage } from './support/source-page.ts'
import {
  chooseTipFiles,
  hooks,
  openSourcePage,
  send,
  untilPhase,
  untilReceipt,
} from './support/source-page.ts'

/**
 * When circuits break or servers restart, the source still gets one receipt, and the desk gets one
 * envelope with the right bytes.
 */

const fileBytes = 6 * 1024 * 1024
const file = 'recording.bin'
const narrative = 'They were taken at the river. The line may break.'

let site: Site
beforeAll(async () => {
  site = await startSite()
  await writeSeeded(site.at(file), 'resume', fileBytes)
})
afterAll(() => site?.close())
afterEach(() => {
  site.proxy.cutWhen(null)
  site.proxy.throttleUpload(null)
  site.proxy.setOffline(false)
})

const uploaded = (): number => uploads().reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
const uploads = (): Exchange[] =>
  site.proxy.exchanges.filter(
    ({ method, target }) => method === 'PATCH' && new URL(target).pathname.startsWith('/uploads/'),
  )

/** The same seed gives the same points, so that a failure can be reproduced. */
function cutPoints(count: number, seed: number): number[] {
  let state = seed
  const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647
  return Array.from({ length: count }, () => Math.floor(next() * fileBytes)).sort(
    (one, other) => one - other,
  )
}

describe.each(browserNames.filter(isInstalled))('an upload from %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({
      browser,
      level: 'standard',
      proxyAddress: site.proxy.address,
      isUnwatched: true,
    })
  }, 90_000)
  afterAll(() => launched?.dispose())

  async function begin(): Promise<SourcePage> {
    const source = await openSourcePage(launched, 'en')
    await type(source.page, hooks.narrative, narrative)
    await chooseTipFiles(source, site.at(file))
    return source
  }

  /** Expects exactly one new envelope, and that it holds what was sent. */
  async function arrivesOnce(source: SourcePage, before: readonly string[]): Promise<void> {
    const receipt = await untilReceipt(source, 120_000)
    await site.untilStored(receipt)
    expect(await site.receipts()).toEqual([...before, receipt].sort())
    const { tip, attachments } = await site.openTip(receipt)
    expect(tip).toMatchObject({ narrative })
    expect(attachments).toEqual({ [file]: await sha256OfFile(site.at(file)) })
    await source.page.close()
  }

  it('continues after the connection was cut at ten places', async () => {
    const before = await site.receipts()
    const source = await begin()
    const start = uploaded()
    const points = cutPoints(10, 20261124)
    site.proxy.cutWhen(({ exchange }) => {
      const isDue =
        exchange.method === 'PATCH' && points[0] !== undefined && uploaded() - start >= points[0]
      if (isDue) points.shift()
      return isDue
    })
    await send(source)
    await arrivesOnce(source, before)
    expect(points).toEqual([])
  }, 240_000)

  it('continues after lost answers: to the creation, to a piece, to the last piece', async () => {
    const before = await site.receipts()
    const source = await begin()
    const seen = { POST: 0, PATCH: 0 }
    const lost: string[] = []
    site.proxy.cutWhen(({ exchange, isAnswered }) => {
      const isUpload = new URL(exchange.target).pathname.startsWith('/uploads')
      if (!isAnswered || !isUpload || (exchange.method !== 'POST' && exchange.method !== 'PATCH'))
        return false
      const isLost = (seen[exchange.method] += 1) === 1 || isLast(exchange)
      if (isLost) lost.push(exchange.method)
      return isLost && lost.length <= 4
    })
    await send(source)
    await arrivesOnce(source, before)
    expect(lost.length).toBeGreaterThanOrEqual(2)
  }, 240_000)

  it('continues after the intake was killed twice', async () => {
    const before = await site.receipts()
    const source = await begin()
    site.proxy.throttleUpload(1024 * 1024)
    const start = uploaded()
    await send(source)
    for (const part of [0.25, 0.6]) {
      await until(
        () => uploaded() - start >= part * fileBytes,
        () => `${part} of the upload`,
        60_000,
      )
      await site.killIntake()
    }
    site.proxy.throttleUpload(null)
    await arrivesOnce(source, before)
  }, 240_000)

  it('waits while it is offline, says so, and continues automatically', async () => {
    const before = await site.receipts()
    const source = await begin()
    site.proxy.throttleUpload(1024 * 1024)
    const start = uploaded()
    await send(source)
    await until(
      () => uploaded() - start >= 0.3 * fileBytes,
      () => 'a third of the upload',
      60_000,
    )
    site.proxy.setOffline(true)
    await untilPhase(source.page, 'waiting')
    await photograph(source.page, `waiting-${browser}`)
    site.proxy.setOffline(false)
    site.proxy.throttleUpload(null)
    await arrivesOnce(source, before)
  }, 240_000)

  it('pauses on request, and continues', async () => {
    const before = await site.receipts()
    const source = await begin()
    site.proxy.throttleUpload(1024 * 1024)
    const start = uploaded()
    await send(source)
    await until(
      () => uploaded() - start >= 0.2 * fileBytes,
      () => 'a fifth of the upload',
      60_000,
    )
    await press(source.page, hooks.pause)
    await untilPhase(source.page, 'paused')
    await photograph(source.page, `paused-${browser}`)
    site.proxy.throttleUpload(null)
    await press(source.page, hooks.resume)
    await arrivesOnce(source, before)
  }, 240_000)

  it('is deleted by the server when it is cancelled', async () => {
    const before = await site.receipts()
    const source = await begin()
    site.proxy.throttleUpload(512 * 1024)
    const start = uploaded()
    await send(source)
    await until(
      () => uploaded() - start >= 0.2 * fileBytes,
      () => 'a fifth of the upload',
      60_000,
    )
    await press(source.page, hooks.cancel)
    await untilThere(source.page, hooks.cancelYes)
    await photograph(source.page, `cancel-${browser}`)
    await press(source.page, hooks.cancelYes)
    await untilThere(source.page, '[data-failure="CANCELLED"]')
    await until(
      () =>
        site.proxy.exchanges.some(({ method, status }) => method === 'DELETE' && status === 204),
      () => 'the upload to be given up',
    )
    expect(
      await source.page.evaluate(
        () => document.querySelector<HTMLTextAreaElement>('#narrative')?.value,
      ),
    ).toBe(narrative)
    expect(await site.receipts()).toEqual(before)
    await source.page.close({ runBeforeUnload: false })
  }, 120_000)
})

/** Whether this request carries the last piece of the upload, according to its tus headers. */
function isLast({ requestHeaders, bodyBytes }: Exchange): boolean {
  return (
    requestHeaders['upload-complete'] === '?1' ||
    (requestHeaders['upload-length'] !== undefined &&
      Number(requestHeaders['upload-offset']) + bodyBytes ===
        Number(requestHeaders['upload-length']))
  )
}
