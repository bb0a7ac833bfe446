import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPublicWay } from '../../../src/ops/canary/public-way.ts'
import { sendCanary } from '../../../src/ops/canary/send-canary.ts'
import { startUploadSite, type UploadSite } from '../../server/uploads/harness.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'

let site: UploadSite
beforeEach(async () => {
  site = await startUploadSite({ dir: await makeTempDir() })
})
afterEach(() => site.stop())

it.each(['post', 'tus'] as const)(
  'a canary works for its place in a crowd (%s)',
  async (method) => {
    const way = createPublicWay({
      listen: { host: '127.0.0.1', port: site.port },
      onionAddress: null,
      torSocks: null,
      torDir: null,
    })?.()
    if (way === undefined) throw new Error('no way to the intake')
    site.fairness.pressure.note(true)
    const statuses: number[] = []
    const canary = {
      ...makeEnvelope(1000),
      note: { fileKey: new Uint8Array(16), token: '0'.repeat(32), day: '2026-11-27' },
    }
    await sendCanary(
      async (request) => {
        const answer = await way(request)
        statuses.push(answer.status)
        return answer
      },
      canary,
      { method, keyring: '0'.repeat(64) },
    )
    expect(statuses.slice(0, 2)).toEqual([429, 201])
    expect(site.announced).toEqual([canary.receipt])
  },
)
