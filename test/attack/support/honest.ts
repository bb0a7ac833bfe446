import { setTimeout as sleep } from 'node:timers/promises'
import { challengeIn } from '../../../src/proof-of-work/challenge.ts'
import { noProofYet, proofHeader } from '../../../src/wire/proof-header.ts'
import { solveInNode } from '../../../src/proof-of-work/solve-in-node.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { type Answer, Visitor } from './onion.ts'

const TIP_BYTES = 5_000_000
const SLICE_BYTES = 4 * 1024 * 1024
const TUS = { 'Tus-Resumable': '1.0.0' }

/** A source without a receipt after this time would have given up. */
const PATIENCE_MS = 180_000

/** The delays between the page's retries (`src/page/sealing/backoff.ts`). */
const DELAYS_MS = [1000, 2000, 5000, 10_000, 20_000, 30_000]

export interface Sent {
  isSafe: boolean
  ms: number
  tries: number
  /** The error of each failed try. */
  obstacles: string[]
}

export type Way = 'resumable' | 'whole'

/** Sends a tip of 5 MB, as the page or as the form does, and retries until there is a receipt. */
export async function sendTip(socketPath: string, circuit: number, way: Way): Promise<Sent> {
  const envelope = makeEnvelope(TIP_BYTES)
  const visitor = new Visitor(socketPath, circuit)
  const began = performance.now()
  const sending = way === 'whole' ? new Whole(visitor, envelope) : new Resumable(visitor, envelope)
  const obstacles: string[] = []
  try {
    for (let tries = 1; ; tries += 1) {
      const receipt = await sending.tryOnce().catch((error: Error) => {
        obstacles.push(error.message)
        return null
      })
      const ms = performance.now() - began
      if (receipt !== null) return { isSafe: receipt === envelope.receipt, ms, tries, obstacles }
      if (ms > PATIENCE_MS) return { isSafe: false, ms, tries, obstacles }
      await sleep(
        (DELAYS_MS[Math.min(tries - 1, DELAYS_MS.length - 1)] ?? 0) * (0.75 + Math.random() / 2),
      )
    }
  } finally {
    visitor.close()
  }
}

class Whole {
  readonly #visitor: Visitor
  readonly #envelope: TestEnvelope

  constructor(visitor: Visitor, envelope: TestEnvelope) {
    this.#visitor = visitor
    this.#envelope = envelope
  }

  async tryOnce(): Promise<string | null> {
    const { bytes } = this.#envelope
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length }
    const answer = await this.#visitor.ask('POST', '/submissions', { headers, body: bytes })
    return (JSON.parse(expectStatus(answer, 201).body) as { receipt: string }).receipt
  }
}

class Resumable {
  readonly #visitor: Visitor
  readonly #envelope: TestEnvelope
  #path: string | null = null
  #proof: string = noProofYet

  constructor(visitor: Visitor, envelope: TestEnvelope) {
    this.#visitor = visitor
    this.#envelope = envelope
  }

  async tryOnce(): Promise<string | null> {
    const { bytes } = this.#envelope
    let offset = await this.#begin()
    for (;;) {
      const slice = bytes.subarray(offset, offset + SLICE_BYTES)
      const headers = {
        ...TUS,
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': offset,
        'Content-Length': slice.length,
      }
      const answer = expectStatus(
        await this.#visitor.ask('PATCH', this.#path ?? '', { headers, body: slice }),
        204,
      )
      offset = Number(answer.headers['upload-offset'])
      if (offset === bytes.length) return String(answer.headers['tumen-receipt'])
    }
  }

  async #begin(): Promise<number> {
    if (this.#path !== null) {
      const answer = await this.#visitor.ask('HEAD', this.#path, { headers: TUS })
      if (answer.status === 200) return Number(answer.headers['upload-offset'])
      if (answer.status !== 404) expectStatus(answer, 200)
    }
    const asked = await this.#create()
    const challenge = challengeIn(asked.body)
    if (challenge !== null) this.#proof = (await solveInNode(challenge)) ?? noProofYet
    this.#path = String(
      expectStatus(challenge === null ? asked : await this.#create(), 201).headers['location'],
    )
    this.#proof = noProofYet
    return 0
  }

  #create(): Promise<Answer> {
    const headers = {
      ...TUS,
      'Upload-Length': this.#envelope.bytes.length,
      'Content-Length': 0,
      [proofHeader]: this.#proof,
    }
    return this.#visitor.ask('POST', '/uploads', { headers })
  }
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer
  throw new Error(`${answer.status} ${/"code":"(\w+)"/.exec(answer.body)?.[1] ?? ''}`.trim())
}
