import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { challengeIn } from '../../src/proof-of-work/challenge.ts'
import { solveInNode } from '../../src/proof-of-work/solve-in-node.ts'
import { noProofYet, proofHeader } from '../../src/wire/proof-header.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { MAX_WAITING } from '../../src/server/fairness/limits.ts'
import { openViewedIntake, type ViewedIntake } from './view/intake.ts'
import { answerTo } from './view/run.ts'
import { type Headers, headOf } from './view/script.ts'

/** More circuits than the intake keeps counts for. */
const CIRCUITS = 25_000

/** The limit in `config/torrc`: 25 introductions a second at each of 5 introduction points. */
const CIRCUITS_PER_SECOND = 125

const RAW = { 'Content-Type': 'application/octet-stream' }
const TUS = { 'Tus-Resumable': '1.0.0' }

/** The defaults of `config/settings.ts`. */
const LIMITS = {
  maxConnections: 2048,
  maxWaiting: MAX_WAITING,
  circuitConnections: 256,
  maxUploads: 64,
  circuitUploads: 32,
  circuitUnfinished: 64,
  circuitRequests: 1800,
  circuitEnvelopes: 200,
  waitMs: 30_000,
}

let intake: ViewedIntake

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  intake = await openViewedIntake({
    seed: 1,
    now: () => new Date(),
    limits: LIMITS,
    maxUnfinished: 2048,
  })
})
afterAll(async () => {
  await intake.dispose()
  vi.useRealTimers()
})

function ask(
  circuit: number,
  line: string,
  headers: Headers,
  body: Buffer = Buffer.alloc(0),
): Promise<string> {
  return answerTo(intake, circuit, headOf(line, headers), body)
}

/**
 * Sends one request without a body: to `/submissions` for even circuits, to `/uploads` for odd
 * ones.
 */
function askOnce(circuit: number): Promise<string> {
  return circuit % 2 === 0
    ? ask(circuit, 'POST /submissions', { ...RAW, 'Content-Length': 0 })
    : ask(circuit, 'POST /uploads', { ...TUS, 'Upload-Length': 100_000, 'Content-Length': 0 })
}

const statusOf = (answer: string): string => answer.slice(9, 12)

describe(`after ${CIRCUITS} circuits with one bodyless request each`, () => {
  beforeAll(async () => {
    const statuses = new Set<string>()
    for (let first = 1; first <= CIRCUITS; first += CIRCUITS_PER_SECOND) {
      const answers = Array.from({ length: CIRCUITS_PER_SECOND }, (_, at) => askOnce(first + at))
      for (const answer of await Promise.all(answers)) statuses.add(statusOf(answer))
      vi.setSystemTime(Date.now() + 1000)
    }
    // 400: a submission without a body; 201: an upload was created; 503: too many unfinished
    // uploads.
    expect([...statuses].sort()).toEqual(['201', '400', '503'])
  }, 600_000)

  it("a newcomer's tip is safe at the first try, sent in one go without a proof of work", async () => {
    const { bytes, receipt } = makeEnvelope(70_000)
    const headers = { ...RAW, 'Content-Length': bytes.length }
    const answer = await ask(CIRCUITS + 1, 'POST /submissions', headers, bytes)
    expect([statusOf(answer), answer.includes(receipt)]).toEqual(['201', true])
  })

  it('and sent in parts, with a proof of work if one is asked for', async () => {
    const { bytes, receipt } = makeEnvelope(70_000)
    const circuit = CIRCUITS + 2
    const create = (proof: string) =>
      ask(circuit, 'POST /uploads', {
        ...TUS,
        'Upload-Length': bytes.length,
        'Content-Length': 0,
        [proofHeader]: proof,
      })
    const asked = await create(noProofYet)
    const challenge = challengeIn(asked.slice(asked.indexOf('{')))
    const created = challenge === null ? asked : await create((await solveInNode(challenge)) ?? '')
    const path = /^location: (\S+)\r$/im.exec(created)?.[1] ?? ''
    const headers = {
      ...TUS,
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': 0,
      'Content-Length': bytes.length,
    }
    const answer = await ask(circuit, `PATCH ${path}`, headers, bytes)
    expect([statusOf(answer), answer.includes(receipt)]).toEqual(['204', true])
  })
})

describe('a request that is refused for its head', () => {
  it('does not count as a tip', async () => {
    const circuit = CIRCUITS + 3
    for (let count = 0; count < LIMITS.circuitEnvelopes; count += 1)
      await ask(circuit, 'POST /submissions', { ...RAW, 'Content-Length': 0 })
    const { bytes } = makeEnvelope(100)
    const answer = await ask(
      circuit,
      'POST /submissions',
      { ...RAW, 'Content-Length': bytes.length },
      bytes,
    )
    expect(statusOf(answer)).toBe('201')
  })
})
