import { readFileSync, writeFileSync } from 'node:fs'
import { createChallenge, verifySolution } from 'altcha-lib/v1'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTempDir } from '../../support/temp-dir.ts'
import { sha256 } from '../../support/sealed.ts'
import { freePort } from '../../supervise/start.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import {
  answer,
  cutOff,
  startFakeIntake,
  startFakeSocksProxy,
  takeIn,
} from '../support/fake-intake.ts'
import { runHere } from '../support/run-here.ts'

/** Records the waits between attempts instead of waiting. */
const waits: number[] = []
const wait = async (ms: number) => void waits.push(ms)

const onion = `http://${'a'.repeat(56)}.onion`
const { bytes, receipt } = makeEnvelope(5_000_000)

let machine = { dir: '', env: {} }
beforeEach(async () => {
  waits.length = 0
  machine = { dir: await makeTempDir(), env: {} }
  writeFileSync(`${machine.dir}/tip.age`, bytes)
  writeFileSync(`${machine.dir}/photo.jpg`, Buffer.alloc(70_000, 'photo'))
})

const send = (...args: string[]) => runHere(machine, ['send', ...args], { wait })

describe('tumen send', () => {
  it('prints the receipt, and its short form for reading out', async () => {
    const intake = await startFakeIntake(takeIn)
    const done = await send('tip.age', '--to', intake.url)
    expect(done.status).toBe(0)
    expect(done.stdout).toMatch(new RegExp(`^receipt ${receipt}\nin short (\\d{5} ){7}\\d{5}\n$`))
    expect(done.stderr).toContain(`${intake.url}/receipts/${receipt}`)
    expect(intake.bodyBytes()).toBe(bytes.length)
  })

  it('sends only the necessary headers', async () => {
    const intake = await startFakeIntake(takeIn)
    expect(JSON.parse((await send('tip.age', '--to', intake.url, '--json')).stdout)).toEqual({
      receipt,
      bytes: bytes.length,
    })
    const { host: _host, connection: _connection, ...headers } = intake.headers[0] ?? {}
    expect(headers).toEqual({
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      accept: 'application/json',
      expect: '100-continue',
      'tumen-proof-of-work': 'none',
    })
  })

  it('sends to the intake of this machine by default', async () => {
    const intake = await startFakeIntake(takeIn)
    const done = await runHere({ ...machine, env: { TUMEN_LISTEN: `127.0.0.1:${intake.port}` } }, [
      'send',
      'tip.age',
    ])
    expect(done.status).toBe(0)
  })

  describe('when the intake asks for a proof of work', () => {
    const hmacKey = 'key of a test'
    const askFirst =
      (times: number): Parameters<typeof startFakeIntake>[0] =>
      async (request, response, attempt) => {
        if (attempt > times) return takeIn(request, response, attempt)
        const { salt, challenge, signature } = await createChallenge({ hmacKey, maxnumber: 1000 })
        answer(429, {
          code: 'PROOF_OF_WORK_NEEDED',
          challenge: { algorithm: 'SHA-256', challenge, maxnumber: 1000, salt, signature },
        })(request, response, attempt)
      }

    it('solves it and sends at once', async () => {
      const intake = await startFakeIntake(askFirst(1))
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(receipt),
      })
      expect(
        await verifySolution(String(intake.headers[1]?.['tumen-proof-of-work']), hmacKey),
      ).toBe(true)
      expect([intake.attempts(), intake.bodyBytes(), waits]).toEqual([2, bytes.length, []])
    })

    it('keeps its proof while the intake has no free slot', async () => {
      const full = answer(503, { code: 'TOO_MANY_UPLOADS' })
      const intake = await startFakeIntake((...call) =>
        (call[2] === 2 ? full : askFirst(1))(...call),
      )
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({ status: 0 })
      const [first, ...proofs] = intake.headers.map((headers) => headers['tumen-proof-of-work'])
      expect([first, proofs.length, new Set(proofs).size]).toEqual(['none', 2, 1])
    })

    it('for ever, gives up', async () => {
      const intake = await startFakeIntake(askFirst(Infinity))
      const done = await send('tip.age', '--to', intake.url)
      expect([done.status, intake.bodyBytes()]).toEqual([1, 0])
      expect(done.stderr).toContain('PROOF_OF_WORK_NEEDED')
    })
  })

  describe('when the connection breaks', () => {
    it('sends again and gets the same receipt', async () => {
      const intake = await startFakeIntake((...call) => (call[2] <= 2 ? cutOff : takeIn)(...call))
      const done = await send('tip.age', '--to', intake.url, '--json')
      expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining(receipt) })
      expect(done.stderr.match(/trying again in [12] s \(attempt [23] of 6\)/g)).toHaveLength(2)
      expect(intake.attempts()).toBe(3)
      expect(waits).toEqual([1000, 2000])
    })

    it('gives up after six attempts, and doubles the wait each time', async () => {
      const intake = await startFakeIntake(cutOff)
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('not sent after 6 attempts: '),
      })
      expect(intake.attempts()).toBe(6)
      expect(waits).toEqual([1000, 2000, 4000, 8000, 16000])
    })

    it('says why when nothing listens', async () => {
      const port = await freePort()
      const done = await send('tip.age', '--to', `127.0.0.1:${port}`)
      expect(done).toMatchObject({ status: 1, stdout: '' })
      expect(done.stderr).toContain(
        `not sent after 6 attempts: connect ECONNREFUSED 127.0.0.1:${port}\n`,
      )
    })
  })

  describe('when the intake refuses', () => {
    it.each([
      [
        413,
        { code: 'TOO_LARGE', detail: 'at most 2 GiB' },
        'the intake answered 413 (TOO_LARGE: at most 2 GiB)',
      ],
      [400, { code: 'PASSPHRASE_STANZA' }, 'the intake answered 400 (PASSPHRASE_STANZA)'],
      [303, '', 'the intake answered 303\n'],
      [201, '{"receipt":"short"}', 'the intake answered 201\n'],
      [200, 'null', 'the intake answered 200\n'],
      [404, '<html>', 'the intake answered 404\n'],
      [
        400,
        { code: '\u001b[2J\u202eEVIL', detail: 'x'.repeat(5000) },
        'the intake answered 400 ( [2J EVIL: xxx',
      ],
    ])(
      'with %i, asks once, sends no byte of the body and says what was said',
      async (status, document, expected) => {
        const intake = await startFakeIntake(answer(status, document))
        const done = await send('tip.age', '--to', intake.url)
        expect(done).toMatchObject({
          status: 1,
          stdout: '',
          stderr: expect.stringContaining(expected),
        })
        expect(done.stderr).not.toMatch(/[\u001b\u202e]/)
        expect(done.stderr.length).toBeLessThan(700)
        expect([intake.attempts(), intake.bodyBytes()]).toEqual([1, 0])
      },
    )

    it.each([500, 503, 507, 408, 429])('for now (%i), tries again', async (status) => {
      const intake = await startFakeIntake((...call) =>
        (call[2] === 1 ? answer(status, { code: 'CLOSED' }) : takeIn)(...call),
      )
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({
        status: 0,
        stderr: expect.stringContaining(`answered ${status} (CLOSED); trying again`),
      })
    })

    it('for now, waits as long as the intake asks, at most ten minutes each time', async () => {
      const asked = ['60', '4000', 'soon', '0']
      const intake = await startFakeIntake((...call) => {
        const retryAfter = asked[call[2] - 1]
        if (retryAfter === undefined) return takeIn(...call)
        call[1].setHeader('retry-after', retryAfter)
        return answer(503, { code: 'DRAINING' })(...call)
      })
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({ status: 0 })
      expect(waits).toEqual([60_000, 600_000, 4000, 8000])
    })

    it('in the middle of the body, stops sending', async () => {
      const said = '{"code":"NOT_AGE"}'
      const intake = await startFakeIntake((request, response) => {
        response.writeContinue()
        request.once('data', () => {
          request.pause()
          // The response is not ended, because a server that closes with unread bytes may lose its
          // answer.
          response.writeHead(400, { 'content-length': said.length }).write(said)
        })
      })
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('answered 400 (NOT_AGE)'),
      })
      expect(intake.attempts()).toBe(1)
      expect(intake.bodyBytes()).toBeLessThan(bytes.length)
    })

    it('with an endless answer, stops listening', async () => {
      const intake = await startFakeIntake(answer(400, 'x'.repeat(1_000_000)))
      expect(await send('tip.age', '--to', intake.url)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('too long to come from an intake'),
      })
    })
  })

  it('does not believe a receipt of other bytes, and does not ask twice', async () => {
    const intake = await startFakeIntake((request, response) => {
      response.writeContinue()
      request
        .resume()
        .on('end', () => response.writeHead(201).end(JSON.stringify({ receipt: '0'.repeat(64) })))
    })
    const done = await send('tip.age', '--to', intake.url)
    expect(done).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('not the receipt of this file: do not trust'),
    })
    expect(intake.attempts()).toBe(1)
  })

  describe('through a SOCKS5 proxy', () => {
    it('passes the name to the proxy unresolved, and connects nowhere else', async () => {
      const intake = await startFakeIntake(takeIn)
      const proxy = await startFakeSocksProxy(intake.port)
      const done = await send(
        'tip.age',
        '--to',
        onion,
        '--socks5',
        `127.0.0.1:${proxy.port}`,
        '--json',
      )
      expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining(receipt) })
      expect(proxy.asked).toEqual([{ type: 3, address: `${'a'.repeat(56)}.onion`, port: 80 }])
      expect(intake.headers.map(({ host }) => host)).toEqual([`${'a'.repeat(56)}.onion`])
      expect(proxy.carriedBytes()).toBeGreaterThan(bytes.length)
    })

    it.each([
      ['http://name.invalid:8080', 3, 'name.invalid', 8080],
      ['http://127.0.0.1:81', 1, '127.0.0.1', 81],
      ['http://[::1]:82', 4, '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1', 82],
    ])('requests %s from the proxy', async (url, type, address, port) => {
      const intake = await startFakeIntake(takeIn)
      const proxy = await startFakeSocksProxy(intake.port)
      expect(
        await send('tip.age', '--to', url, '--socks5', `localhost:${proxy.port}`),
      ).toMatchObject({ status: 0 })
      expect(proxy.asked).toEqual([{ type, address, port }])
      expect(proxy.carriedBytes()).toBeGreaterThan(bytes.length)
    })

    it('uses TLS through the proxy too', async () => {
      const proxy = await startFakeSocksProxy((await startFakeIntake(takeIn)).port)
      await send('tip.age', '--to', 'https://name.invalid', '--socks5', `127.0.0.1:${proxy.port}`)
      expect(proxy.asked).toHaveLength(6)
      expect(proxy.asked[0]).toEqual({ type: 3, address: 'name.invalid', port: 443 })
      expect(proxy.carriedBytes()).toBeGreaterThan(0)
    })

    it('tries again when the proxy cannot connect, on a new circuit', async () => {
      const proxy = await startFakeSocksProxy(1, 5)
      expect(
        await send('tip.age', '--to', onion, '--socks5', `127.0.0.1:${proxy.port}`),
      ).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/not sent after 6 attempts: .*ConnectionRefused/),
      })
      expect(proxy.asked).toHaveLength(6)
    })

    it('never connects directly when the proxy is gone', async () => {
      const intake = await startFakeIntake(takeIn)
      expect(
        await send('tip.age', '--to', intake.url, '--socks5', `127.0.0.1:${await freePort()}`),
      ).toMatchObject({ status: 1 })
      expect(intake.attempts()).toBe(0)
    })
  })

  it.each([
    [2, ['tip.age', '--to', 'ftp://example.org'], '--to must be an http address'],
    [2, ['tip.age', '--to', 'http://'], '--to must be an http address'],
    [2, ['tip.age', '--to', onion], 'an onion address needs Tor'],
    [
      2,
      ['tip.age', '--to', onion.toUpperCase().replace('HTTP', 'http')],
      'an onion address needs Tor',
    ],
    [2, ['tip.age', '--to', 'http://x', '--socks5', '9050'], '--socks5 must be HOST:PORT'],
    [2, ['tip.age', '--to', 'http://x', '--socks5', 'h:0'], '--socks5 must be HOST:PORT'],
    [2, ['tip.age', '--to', 'http://x', '--socks5', 'h:65536'], '--socks5 must be HOST:PORT'],
    [2, [], 'too few arguments'],
    [2, ['tip.age', 'photo.jpg'], 'unexpected argument'],
  ])('ends with %i for %j', async (status, args, expected) => {
    expect(await send(...args)).toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
    expect(waits).toEqual([])
  })

  describe('when the file is not a sealed tip', () => {
    it.each([
      ['photo.jpg', 'photo.jpg is not a sealed tip, nothing was sent'],
      ['cut.age', 'cut.age is not a sealed tip, nothing was sent'],
      ['none.age', 'none.age cannot be read (there is no such file)'],
      ['.', '. is not a sealed tip, nothing was sent'],
    ])('sends nothing of %s', async (name, expected) => {
      writeFileSync(
        `${machine.dir}/cut.age`,
        readFileSync(`${machine.dir}/tip.age`).subarray(0, 150),
      )
      const intake = await startFakeIntake(takeIn)
      const done = await send(name, '--to', intake.url)
      expect(done).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining(expected),
      })
      expect(done.stderr).not.toContain(machine.dir)
      expect(intake.attempts()).toBe(0)
    })
  })

  it('sends exactly the file that was checked', () => {
    expect(sha256(bytes)).toBe(receipt)
  })
})
