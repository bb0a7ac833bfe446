import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createRandom, seedOfRun } from '../../faults/random.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { type BadLineOptions, openBadLine } from './bad-line.ts'
import { startUploadSite, type UploadSite } from './harness.ts'
import { sendWithTus } from './tus-client.ts'

let dir: string
let site: UploadSite

beforeEach(async () => {
  dir = await makeTempDir()
  site = await startUploadSite({ dir })
  onTestFinished(() => site.stop())
})

const envelope = makeEnvelope(3_500_000)
const endpoint = (port: number): string => `http://127.0.0.1:${port}/uploads`

async function line(options: Omit<BadLineOptions, 'target'>) {
  const opened = await openBadLine({ target: () => site.port, ...options })
  onTestFinished(() => opened.stop())
  return opened
}

function expectOneEnvelope(): void {
  expect(site.files('incoming')).toEqual([`${envelope.receipt}.age`])
  expect(
    Buffer.compare(readFileSync(join(dir, 'incoming', `${envelope.receipt}.age`)), envelope.bytes),
  ).toBe(0)
  expect(site.announced).toEqual([envelope.receipt])
}

describe('tus-js-client', () => {
  it.each([
    ['in one part', {}],
    ['in small parts', { chunkSize: 100_000 }],
    [
      'with its beginning in the announcement',
      { uploadDataDuringCreation: true, chunkSize: 1_000_000 },
    ],
    ['all of it in the announcement', { uploadDataDuringCreation: true }],
  ])('sends an envelope %s', async (_what, options) => {
    const { receipt, url } = await sendWithTus(envelope.bytes, {
      endpoint: endpoint(site.port),
      metadata: { filename: '비밀.age' },
      ...options,
    })
    expect(receipt).toBe(envelope.receipt)
    expect(url).toMatch(new RegExp(`^http://127.0.0.1:${site.port}/uploads/[0-9a-f]{32}$`))
    expectOneEnvelope()
  })

  it.each([
    ['in one part', {}],
    ['in small parts', { chunkSize: 300_000 }],
  ])('%s gets through ten cuts at random places', async (_what, options) => {
    const seed = seedOfRun()
    console.log(`uploads: FAULT_SEED=${seed}`)
    const random = createRandom(seed)
    let left = 10
    const bad = await line({ nextBudget: () => (left-- > 0 ? random.between(0, 700_000) : null) })
    const { receipt } = await sendWithTus(envelope.bytes, {
      endpoint: endpoint(bad.port),
      ...options,
    })
    expect(receipt).toBe(envelope.receipt)
    expect(bad.cuts()).toBeGreaterThanOrEqual(5)
    expectOneEnvelope()
  })

  it('has the receipt when the answer to its last part was lost', async () => {
    const bad = await line({
      nextBudget: () => null,
      isLost: (answer) => answer.includes('Tumen-Receipt') && bad.cuts() === 0,
    })
    const { receipt, statuses } = await sendWithTus(envelope.bytes, {
      endpoint: endpoint(bad.port),
    })
    expect(bad.cuts()).toBe(1)
    expect(statuses).toEqual([201, 200])
    expect(receipt).toBe(envelope.receipt)
    expectOneEnvelope()
  })

  it('continues the same upload when the server restarts at another port behind the same address', async () => {
    const bad = await line({ nextBudget: () => null })
    let restarts = 0
    const restart = async (): Promise<void> => {
      await site.stop()
      site = await startUploadSite({ dir })
      onTestFinished(() => site.stop())
    }
    const { receipt, url } = await sendWithTus(envelope.bytes, {
      endpoint: endpoint(bad.port),
      chunkSize: 500_000,
      onOffset: (sent) => {
        if (restarts < 2 && sent > (restarts + 1) * 1_000_000) {
          restarts += 1
          void restart()
        }
      },
    })
    expect(restarts).toBe(2)
    expect(receipt).toBe(envelope.receipt)
    expect(url).toContain('/uploads/')
    expectOneEnvelope()
  })

  it('gets the same receipt twice, for one envelope, when it sends the same bytes twice at once', async () => {
    const results = await Promise.all(
      [100_000, 333_333].map((chunkSize) =>
        sendWithTus(envelope.bytes, { endpoint: endpoint(site.port), chunkSize }),
      ),
    )
    expect(results.map(({ receipt }) => receipt)).toEqual([envelope.receipt, envelope.receipt])
    expect(site.files('incoming')).toEqual([`${envelope.receipt}.age`])
  })

  it('stops after one refusal if its bytes are not an envelope', async () => {
    await expect(
      sendWithTus(Buffer.alloc(100_000, 'x'), { endpoint: endpoint(site.port) }),
    ).rejects.toThrow(/NOT_AGE/)
    expect([site.files('uploads'), site.files('incoming')]).toEqual([[], []])
  })
})
