import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { request } from 'node:http'
import type { Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { allowedHost } from '../../../src/ops/access/host-guard.ts'
import type { Pace } from '../../../src/ops/access/pace.ts'
import { createPace } from '../../../src/ops/access/pace.ts'
import { tokenGuard } from '../../../src/ops/access/token-guard.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

const onion = `${'a2'.repeat(28)}.onion`

describe('allowedHost', () => {
  it('accepts an onion name only through the unix socket', () => {
    const socket = allowedHost({ path: '/run/ops.sock' })
    expect([onion, `${onion}:80`, onion.toUpperCase()].map(socket)).toEqual([true, true, true])
    expect(
      [`x.${onion}`, `${onion}.evil.example`, onion.slice(1), 'evil.example', '10.0.0.1'].map(
        socket,
      ),
    ).toEqual([false, false, false, false, false])
    for (const host of ['127.0.0.1', '0.0.0.0', '::', 'ops.example'])
      expect(allowedHost({ host, port: 1 })(onion)).toBe(false)
  })
})

const token = Buffer.alloc(32, 9).toString('base64')
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

let server: Server | null = null
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function guarded(pace: Pace = createPace({ gapMs: 1 })): Promise<string> {
  const path = join(await makeTempDir(), 'ops.sock')
  await rm(path, { force: true })
  server = express()
    .disable('x-powered-by')
    .use(tokenGuard(token, pace), (_request, response) => void response.send('in'))
    .listen(path)
  await once(server, 'listening')
  return path
}

async function ask(socketPath: string, authorization?: string) {
  const sent = request({
    socketPath,
    path: '/',
    agent: false,
    headers: authorization === undefined ? {} : { authorization },
  }).end()
  const [response] = await once(sent, 'response')
  let body = ''
  for await (const chunk of response) body += String(chunk)
  const { date: _date, ...headers } = response.headers
  return { status: response.statusCode as number, headers: headers as Record<string, string>, body }
}

describe('tokenGuard', () => {
  it.each([
    ['bearer', `Bearer ${token}`],
    ['bearer in small letters', `bearer ${token}`],
    ['Basic with any name', basic(`anna:${token}`)],
    ['Basic without a name', basic(`:${token}`)],
  ])('admits a client that sends the token as %s', async (_how, authorization) => {
    expect(await ask(await guarded(), authorization)).toMatchObject({ status: 200, body: 'in' })
  })

  it('gives every other request the same response', async () => {
    const path = await guarded()
    const wrong = [
      undefined,
      '',
      'Bearer',
      'Bearer x',
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      `Token ${token}`,
      token,
      basic(`${token}:anna`),
      basic('anna:'),
      `Bearer ${'x'.repeat(9000)}`,
      `Bearer ${token} ${token}`,
    ]
    const answers = await Promise.all(wrong.map((authorization) => ask(path, authorization)))
    expect(answers[0]).toMatchObject({ status: 401, body: 'the token is needed\n' })
    expect(answers[0]?.headers['www-authenticate']).toBe('Basic realm="Tumen ops", charset="UTF-8"')
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('makes a request without the token wait, and no request with it', async () => {
    const waiting = Promise.withResolvers<() => void>()
    const path = await guarded({ wait: (pass) => waiting.resolve(pass) })
    let isAnswered = false
    const guess = ask(path).finally(() => (isAnswered = true))
    const pass = await waiting.promise
    expect(await ask(path, `Bearer ${token}`)).toMatchObject({ status: 200 })
    expect(isAnswered).toBe(false)
    pass()
    expect(await guess).toMatchObject({ status: 401 })
  })
})

describe('createPace', () => {
  it('lets calls through one after the other, and rejects those that would wait too long', async () => {
    const pace = createPace({ gapMs: 20, maxWaiting: 3 })
    const startedMs = performance.now()
    const seen: string[] = []
    await new Promise<void>((resolve) => {
      for (const name of ['a', 'b', 'c', 'd']) {
        pace.wait(
          () => {
            seen.push(name)
            if (name === 'c') resolve()
          },
          () => void seen.push(`${name} away`),
        )
      }
    })
    expect(seen).toEqual(['d away', 'a', 'b', 'c'])
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55)
  })
})
