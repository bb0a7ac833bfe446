import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ExchangeError } from '../../../src/net/http-exchange.ts'
import type { PublicRequest } from '../../../src/ops/canary/public-way.ts'
import { runCanary } from '../../../src/ops/canary/run-canary.ts'
import { makeMachine } from '../../support/machine.ts'
import { makeCanaryParts } from './parts.ts'

it('writes the note before the first byte of a canary is sent', async () => {
  const machine = await makeMachine()
  const states: unknown[] = []
  const parts = await makeCanaryParts(
    {
      dataDir: machine.at('var'),
      keysDir: machine.at('keys'),
      address: { listen: { path: machine.at('none.sock') } },
    },
    { method: () => 'post' },
  )
  const way = async ({ method, path, body = new Uint8Array() }: PublicRequest) => {
    if (method === 'GET')
      return { status: 200, body: readFileSync(machine.at('keys', path)), header: () => null }
    const receipt = createHash('sha256').update(body).digest('hex')
    for (const note of await parts.notes.list())
      states.push(note.receipt === receipt ? note.state : 'of another one')
    throw new ExchangeError('NOT_CONNECTED', 'no intake in this test')
  }
  await expect(
    runCanary({ ...parts, newVisitor: () => way }, new AbortController().signal),
  ).rejects.toThrow()
  expect(states).toEqual(['sent'])
})

it('lets the worker remove a canary only after it was opened', async () => {
  const machine = await makeMachine()
  const states: [string, string][] = []
  let sent = Buffer.alloc(0)
  const parts = await makeCanaryParts(
    {
      dataDir: machine.at('var'),
      keysDir: machine.at('keys'),
      address: { listen: { path: machine.at('none.sock') } },
    },
    {
      method: () => 'post',
      onStep: async (step) => {
        for (const { state } of await parts.notes.list()) states.push([step, state])
      },
    },
  )
  const way = async ({ method, path, body }: PublicRequest) => {
    const answer = (status: number, text: Buffer) => ({ status, body: text, header: () => null })
    if (method === 'POST') {
      sent = Buffer.from(body ?? [])
      const receipt = createHash('sha256').update(sent).digest('hex')
      return answer(201, Buffer.from(JSON.stringify({ receipt })))
    }
    if (path.startsWith('/receipts/')) return answer(200, Buffer.from('{"state":"stored"}'))
    return answer(200, readFileSync(machine.at('keys', path)))
  }
  async function* read() {
    yield sent
  }
  const { signal } = new AbortController()
  await runCanary({ ...parts, newVisitor: () => way, store: { read } }, signal)
  expect(states).toEqual([
    ['noted', 'sent'],
    ['sent', 'sent'],
    ['stored', 'sent'],
    ['opened', 'sent'],
    ['finished', 'done'],
  ])
})
