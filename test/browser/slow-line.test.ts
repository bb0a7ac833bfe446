import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSlowLine, type SlowLine } from '../../bench/page/slow-line.ts'
import { dropsPerBundle } from '../../src/replies/bounds.ts'
import { newestRepliesName, pathBelow, repliesPath } from '../../src/wire/names.ts'
import { until } from '../supervise/start.ts'
import { click, type } from './support/acts.ts'
import { carryDrops, dropOf } from './support/carry-answers.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import { launch } from './support/launch.ts'
import { onionUrl } from './support/proxy.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import { hooks, openSourcePage, send, untilReceipt } from './support/source-page.ts'
import { drawWords } from './support/two-way.ts'

/**
 * A slow circuit: 250 kB/s and 800 ms for everything together. The newest answers take eight
 * seconds of it. The order of the requests shows that neither the form nor a message waits for
 * them.
 */

const circuit = { bytesPerSecond: 250_000, roundTripMs: 800 }
const newestPath = pathBelow(repliesPath, newestRepliesName)

let site: Site
let line: SlowLine
beforeAll(async () => {
  site = await startSite()
  const { group } = drawWords()
  const drops = Array.from({ length: dropsPerBundle }, () => dropOf({ to: group, text: 'x' }))
  await carryDrops(site, 2, await Promise.all(drops))
  line = await openSlowLine(Number(site.proxy.address.split(':')[1]), circuit)
}, 90_000)
afterAll(async () => {
  line?.close()
  await site?.close()
})

describe.each(browserNames.filter(isInstalled))('on a slow line, %s', (browser) => {
  it('fetches answers after all other files, and pauses while a message is sent', async () => {
    const launched = await launch({
      browser,
      level: 'standard',
      proxyAddress: `127.0.0.1:${line.port}`,
    })
    const first = site.proxy.exchanges.length
    const asked = () =>
      site.proxy.exchanges
        .slice(first)
        .filter(({ target }) => target.startsWith(onionUrl))
        .map(({ target, requestHeaders }) => ({
          path: new URL(target).pathname,
          range: requestHeaders.range ?? null,
        }))
        .filter(({ path }) => path !== '/icon.svg')
    const bundles = () => asked().filter(({ path }) => path === newestPath)
    const source = await openSourcePage(launched, 'ko')
    // The form can be written in, and a choice made, before any answer is asked for or while it
    // comes.
    await type(source.page, hooks.narrative, 'x')
    await click(source.page, hooks.askMe)
    await until(
      async () => bundles().length > 0,
      () => `the answers to be asked for after ${JSON.stringify(asked())}`,
      90_000,
    )
    await send(source)
    await untilReceipt(source)
    await until(
      async () => bundles().length > 1,
      () => 'the answers to be continued',
      30_000,
    )
    const paths = asked().map(({ path }) => path)
    const isUpload = (path: string) => path.startsWith('/uploads')
    const [start, upload] = [paths.indexOf(newestPath), paths.findIndex(isUpload)]
    // All code, all words, the keyring and the index were asked for before the answers.
    expect(paths.slice(start + 1).filter((path) => !isUpload(path))).toEqual([newestPath])
    expect(upload).toBeGreaterThan(start)
    // Nothing but the message used the line until the receipt was there.
    expect(paths.slice(upload, paths.findLastIndex(isUpload) + 1).every(isUpload)).toBe(true)
    // Bytes that had arrived are not fetched again; possibly there were none.
    const [whole, rest] = bundles().map(({ range }) => range)
    expect(whole).toBeNull()
    expect(rest ?? 'bytes=1-').toMatch(/^bytes=[1-9]\d*-$/)
    await launched.dispose()
  }, 180_000)
})
