import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { challengeIn } from '../../src/proof-of-work/challenge.ts'
import { proofHeader } from '../../src/wire/proof-header.ts'
import { solveInNode } from '../../src/proof-of-work/solve-in-node.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { formOf, JSON_ACCEPT, RAW, RawClient } from './harness.ts'
import { announce, patch, startUploadSite, type UploadSite } from './uploads/harness.ts'

const { bytes, receipt } = makeEnvelope(1000)
const asking = { ...JSON_ACCEPT, [proofHeader]: 'none' }

let site: UploadSite
beforeEach(async () => {
  site = await startUploadSite({ dir: await makeTempDir(), maxUnfinished: 8 })
})
afterEach(() => site.stop())

const crowd = (): void => site.fairness.pressure.note(true)
const create = (headers: Record<string, string>): Promise<Response> =>
  announce(site, bytes.length, headers)
const post = (headers: Record<string, string>): Promise<Response> =>
  fetch(`${site.url}/submissions`, {
    method: 'POST',
    headers: { ...RAW, ...headers },
    body: new Uint8Array(bytes),
  })

async function solved(answer: Response): Promise<Record<string, string>> {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    429,
    'application/problem+json',
  ])
  const challenge = challengeIn(await answer.text())
  if (challenge === null) throw new Error('no challenge')
  return { ...JSON_ACCEPT, [proofHeader]: (await solveInNode(challenge)) ?? '' }
}

describe.each([
  ['POST /uploads', create],
  ['POST /submissions', post],
])('%s', (_what, begin) => {
  it('asks nothing while it is calm', async () => {
    expect((await begin(asking)).status).toBe(201)
    expect((await begin({ [proofHeader]: 'of whatever kind' })).status).toBe(201)
  })

  it('in a crowd asks a client that supports proofs of work, and accepts its solution once', async () => {
    crowd()
    const proof = await solved(await begin(asking))
    expect((await begin(proof)).status).toBe(201)
    await solved(await begin(proof))
  })

  it('in a crowd does not ask a client without the header', async () => {
    crowd()
    expect((await begin({})).status).toBe(201)
  })

  it('answers an invalid solution with a challenge, and repeats nothing of it', async () => {
    crowd()
    for (const header of ['<script>', 'A'.repeat(5000), btoa('{"number":1}')]) {
      const answer = await begin({ ...JSON_ACCEPT, [proofHeader]: header })
      expect(await answer.clone().text()).not.toContain(header)
      await solved(answer)
    }
  })
})

describe('in a crowd', () => {
  it('never asks the form', async () => {
    crowd()
    const answer = await fetch(`${site.url}/submissions`, {
      method: 'POST',
      headers: JSON_ACCEPT,
      body: formOf(bytes),
    })
    expect(await answer.json()).toEqual({ receipt, bytes: bytes.length })
  })

  it('never asks for an upload that has begun', async () => {
    const path = (await create({})).headers.get('location') ?? ''
    crowd()
    expect((await patch(site, path, 0, bytes, asking)).headers.get('tumen-receipt')).toBe(receipt)
  })

  it('gives uploads without a proof an eighth of the places, and the others to those with one', async () => {
    crowd()
    expect([(await create({})).status, (await create({})).status]).toEqual([201, 503])
    expect((await create(await solved(await create(asking)))).status).toBe(201)
  })

  it('leaves that eighth to uploads without a proof', async () => {
    crowd()
    const statuses: number[] = []
    for (let at = 0; at < 8; at += 1)
      statuses.push((await create(await solved(await create(asking)))).status)
    expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 201, 503])
    expect((await create({})).status).toBe(201)
  })

  it('gives the proof back to a client that got no place', async () => {
    crowd()
    for (let at = 0; at < 7; at += 1) await create(await solved(await create(asking)))
    const proof = await solved(await create(asking))
    expect([(await create(proof)).status, (await create(proof)).status]).toEqual([503, 503])
    expect((await post(proof)).status).toBe(201)
  })
})

it('gives the proof back to a client that got no slot', async () => {
  await site.stop()
  site = await startUploadSite({ dir: await makeTempDir(), maxUploads: 1 })
  crowd()
  const proof = await solved(await post(asking))
  const holder = new RawClient(site.port)
  holder.write(
    'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n',
  )
  await holder.until(/100 Continue/)
  expect((await post(proof)).status).toBe(503)
  holder.socket.destroy()
  await holder.closed()
  expect((await post(proof)).status).toBe(201)
})

it('begins to ask when no place is left for an upload', async () => {
  for (let at = 0; at < 9; at += 1) await create({})
  expect((await create(asking)).status).toBe(429)
})
