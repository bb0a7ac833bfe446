import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPublicWay } from '../../../src/ops/canary/public-way.ts'
import { sendCanary } from '../../../src/ops/canary/send-canary.ts'
import { type } from '../../browser/support/acts.ts'
import { browserNames, isInstalled } from '../../browser/support/installed.ts'
import { launch } from '../../browser/support/launch.ts'
import { openOnionProxy } from '../../browser/support/proxy.ts'
import {
  chooseTipFiles,
  hooks,
  openSourcePage,
  send,
  untilReceipt,
} from '../../browser/support/source-page.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { contentOf, digestOf } from '../../store/contract.ts'
import { type AlternatingProxy, startAlternatingProxy } from '../../support/alternating-proxy.ts'
import { createTestRedis, type TestRedis } from '../../support/redis.ts'
import { writeSeeded } from '../../support/seeded.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machines, openMachines } from '../machines.ts'

/**
 * An unfinished upload belongs to one intake. Here each connection reaches the other one, so no
 * upload can be continued, and every source still gets its receipt.
 */
describe.skipIf(!hasCeph)('two intakes behind one address, taken in turn', () => {
  const ceph = useCeph()
  let redis: TestRedis
  let site: Machines
  let proxy: AlternatingProxy

  beforeAll(async () => {
    redis = await createTestRedis()
    site = await openMachines({ count: 2, place: placeOf(ceph(), 'tumen'), redisUrl: redis.url })
    await site.start()
    proxy = await startAlternatingProxy(site.machines.map(({ socket }) => socket))
  }, 120_000)
  afterAll(async () => {
    await proxy?.stop()
    await site?.dispose()
    await redis?.dispose()
  })

  const inStore = async (receipt: string): Promise<string> =>
    digestOf(await contentOf(await openOn(placeOf(ceph(), 'tumen')), 'incoming', receipt))

  it.each([
    ['in one request', 20_000],
    ['that is sent in parts', 9_000_000],
  ])('give "tumen send" a receipt for an envelope %s', { timeout: 120_000 }, async (_how, size) => {
    const { bytes, receipt } = makeEnvelope(size)
    const dir = await makeTempDir()
    await writeFile(join(dir, 'tip.age'), bytes)
    const before = [...proxy.counts]
    const url = `http://127.0.0.1:${proxy.port}`
    const sent = await runHere({ dir, env: {} }, ['send', 'tip.age', '--to', url])
    expect([sent.status, sent.stdout]).toEqual([0, expect.stringContaining(receipt)])
    expect(await inStore(receipt)).toBe(receipt)
    // Found out at once: a few requests, and not one for each of the six attempts.
    const requests = proxy.counts.reduce((sum, count, n) => sum + count - (before[n] ?? 0), 0)
    expect(requests).toBeLessThanOrEqual(6)
  })

  it.each(['post', 'tus'] as const)('receive a canary by %s', async (method) => {
    const way = createPublicWay({
      listen: { host: '127.0.0.1', port: proxy.port },
      onionAddress: null,
      torSocks: null,
      torDir: null,
    })
    const { bytes, receipt } = makeEnvelope(1000)
    const note = { token: '' } as never
    await sendCanary(way!(), { bytes, receipt, note }, { method, keyring: 'a'.repeat(64) })
    expect(await inStore(receipt)).toBe(receipt)
  })

  it.each(browserNames.filter(isInstalled))(
    'take a tip with a file in from %s',
    { timeout: 240_000 },
    async (browser) => {
      const dir = await makeTempDir()
      await writeSeeded(join(dir, 'recording.bin'), 'alternating', 6 * 1024 * 1024)
      const onion = await openOnionProxy(proxy.port)
      const launched = await launch({
        browser,
        level: 'standard',
        proxyAddress: onion.address,
        isUnwatched: true,
      })
      try {
        const source = await openSourcePage(launched, 'en')
        await type(source.page, hooks.narrative, 'They were taken at the river.')
        await chooseTipFiles(source, join(dir, 'recording.bin'))
        await send(source)
        const receipt = await untilReceipt(source, 120_000)
        expect(await inStore(receipt)).toBe(receipt)
        const lost = onion.exchanges.filter(
          ({ method, status }) => method === 'PATCH' && status === 404,
        )
        expect(lost.length).toBeGreaterThan(0)
        expect(lost.length).toBeLessThanOrEqual(3)
      } finally {
        await launched.dispose()
        await onion.close()
      }
    },
  )
})
