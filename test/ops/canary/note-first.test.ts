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
