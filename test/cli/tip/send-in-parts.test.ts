import { readdirSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openSite } from '../../faults/site.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { runHere } from '../support/run-here.ts'

/** Larger than envelopes that are sent in one request. */
const { bytes, receipt } = makeEnvelope(12_000_000)
const id = 'ab'.repeat(16)

let machine = { dir: '', env: {} }
beforeEach(async () => {
  machine = { dir: await makeTempDir(), env: {} }
  writeFileSync(`${machine.dir}/tip.age`, bytes)
})

const send = (to: string) =>
  runHere(machine, ['send', 'tip.age', '--to', to, '--json'], { wait: async () => {} })

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/**
 * A proxy to a real intake that closes the connection `cuts` times, each time after `every` bytes.
 */
async function openBreakingWay(
  socketPath: string,
  { cuts, every }: { cuts: number; every: number },
): Promise<{ url: string; left(): number; carried(): number }> {
  let [left, carried, sinceCut] = [cuts, 0, 0]
  const server = createServer((outer) => {
    const inner = connect(socketPath)
    outer.on('data', (piece: Buffer) => {
      carried += piece.length
      sinceCut += piece.length
      if (left === 0 || sinceCut < every) return
      ;[left, sinceCut] = [left - 1, 0]
      outer.destroy()
    })
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const)
      one
        .on('error', () => {})
        .on('close', () => other.end())
        .pipe(other)
  })
  return { url: await listen(server), left: () => left, carried: () => carried }
}

describe('tumen send, with a large envelope', () => {
  it('resumes where the connection broke, and more often than the limit for attempts', async () => {
    const site = await openSite()
    onTestFinished(() => site.dispose())
    site.intake.start()
    await site.intake.untilReady()
    const way = await openBreakingWay(site.socket, { cuts: 9, every: 1_200_000 })
    const done = await send(way.url)
    expect(done).toMatchObject({ status: 0 })
    expect(JSON.parse(done.stdout)).toEqual({ receipt, bytes: bytes.length })
    expect(way.left()).toBe(0)
    expect(done.stderr.match(/trying again/g)).toHaveLength(9)
    expect(way.carried()).toBeLessThan(1.5 * bytes.length)
    expect(readdirSync(join(site.dataDir, 'incoming'))).toEqual([`${receipt}.age`])
  })

  type Answers = Partial<
    Record<string, (request: IncomingMessage, response: ServerResponse) => void>
  >

  /** An intake that answers each method as a test specifies, and discards what it receives. */
  async function startFake(answers: Answers): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = []
    const created = (_request: IncomingMessage, response: ServerResponse) =>
      response.writeHead(201, { location: `/uploads/${id}` }).end()
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      asked.push(
        `${request.method} ${request.url} ${request.headers['upload-offset'] ?? ''}`.trim(),
      )
      ;(answers[request.method ?? ''] ?? created)(request, response)
    }
    const server = createHttpServer(handle).on('checkContinue', handle)
    onTestFinished(() => server.closeAllConnections())
    return { url: await listen(server), asked }
  }

  it('starts again when the intake has lost the upload', async () => {
    let tries = 0
    const fake = await startFake({
      HEAD: (_request, response) => response.writeHead(404).end(),
      PATCH(request, response) {
        response.writeContinue()
        if ((tries += 1) === 1) request.once('data', () => request.socket.destroy())
        else
          request
            .resume()
            .on('end', () => response.writeHead(204, { 'tumen-receipt': receipt }).end())
      },
    })
    expect(await send(fake.url)).toMatchObject({ status: 0 })
    expect(fake.asked).toEqual([
      'POST /uploads',
      `PATCH /uploads/${id} 0`,
      `HEAD /uploads/${id}`,
      'POST /uploads',
      `PATCH /uploads/${id} 0`,
    ])
  })

  it('sends the envelope in one request when each request reaches another intake', async () => {
    const fake = await startFake({
      PATCH: (_request, response) => response.writeHead(404).end(),
      POST(request, response) {
        if (request.url === '/uploads')
          return void response.writeHead(201, { location: `/uploads/${id}` }).end()
        response.writeContinue()
        request.resume().on('end', () => response.writeHead(201).end(JSON.stringify({ receipt })))
      },
    })
    expect(await send(fake.url)).toMatchObject({ status: 0 })
    expect(fake.asked).toEqual([
      'POST /uploads',
      `PATCH /uploads/${id} 0`,
      'POST /uploads',
      `PATCH /uploads/${id} 0`,
      'POST /submissions',
    ])
  })

  it('asks for the receipt again when only the answer was lost', async () => {
    let tries = 0
    const fake = await startFake({
      HEAD: (_request, response) =>
        response.writeHead(200, { 'upload-offset': bytes.length }).end(),
      PATCH(request, response) {
        response.writeContinue()
        request
          .resume()
          .on('end', () =>
            (tries += 1) === 1
              ? request.socket.destroy()
              : response.writeHead(204, { 'tumen-receipt': receipt }).end(),
          )
      },
    })
    expect(await send(fake.url)).toMatchObject({ status: 0 })
    expect(fake.asked.at(-1)).toBe(`PATCH /uploads/${id} ${bytes.length}`)
  })

  it.each([
    ['names no address', {}, 'no address: do not trust'],
    [
      'names another place',
      { location: 'http://elsewhere.example/take-it' },
      'no address: do not trust',
    ],
  ])('sends nothing elsewhere when the intake %s', async (_what, headers, said) => {
    const fake = await startFake({
      POST: (_request, response) => response.writeHead(201, headers).end(),
    })
    expect(await send(fake.url)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(said),
    })
    expect(fake.asked).toEqual(['POST /uploads'])
  })

  it('does not believe a receipt of other bytes', async () => {
    const fake = await startFake({
      PATCH(request, response) {
        response.writeContinue()
        request
          .resume()
          .on('end', () => response.writeHead(204, { 'tumen-receipt': '0'.repeat(64) }).end())
      },
    })
    expect(await send(fake.url)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('not the receipt of this file'),
    })
  })

  it('reports a refusal of the intake, and does not try again', async () => {
    const fake = await startFake({
      POST: (_request, response) =>
        response
          .writeHead(413, { 'content-type': 'application/problem+json' })
          .end('{"code":"TOO_LARGE"}'),
    })
    expect(await send(fake.url)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the intake answered 413 (TOO_LARGE)'),
    })
    expect(fake.asked).toEqual(['POST /uploads'])
  })
})
