import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { compileCache } from '../support/compile-cache.ts'
import { eventually } from '../support/eventually.ts'
import { digest, RawClient, sealRandom } from './harness.ts'

let dir: string
let child: ChildProcess | null = null
let log = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-main-'))
  await mkdir(join(dir, 'var'))
  log = ''
})

afterEach(async () => {
  if (child !== null && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  child = null
  await rm(dir, { recursive: true, force: true })
})

/** Starts the real intake process without Redis: it must give receipts nevertheless. */
function start(env: Record<string, string> = {}): ChildProcess {
  child = fork('src/server/main.ts', {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: compileCache,
      TUMEN_LISTEN: `unix:${join(dir, 'web.sock')}`,
      TUMEN_ONION_SOCKET: join(dir, 'onion.sock'),
      TUMEN_DATA_DIR: join(dir, 'var'),
      TUMEN_KEYS_DIR: join(dir, 'keys'),
      TUMEN_RESERVE_BYTES: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => void (log += bytes.toString()))
  return child
}

async function holdCeremony(): Promise<void> {
  const primitives = await loadSodiumPrimitives()
  await createDemoCeremony({
    keysDir: join(dir, 'keys'),
    dataDir: join(dir, 'var'),
    day: dayOfInstant(new Date()),
    primitives,
  })
}

async function serve(): Promise<ChildProcess> {
  await holdCeremony()
  const process_ = start()
  const [message] = await once(process_, 'message')
  expect(message).toEqual({ ready: true })
  return process_
}

const request = (body: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST /submissions HTTP/1.1\r\nHost: x\r\nUser-Agent: telltale\r\nAccept: application/json\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  ])
const LINE = 'PROXY TCP6 fc00:dead:beef:4dad::0:29 ::1 41 443\r\n'

describe('the intake process', () => {
  it('serves on both listeners, logs nothing and drains on SIGTERM', async () => {
    const intake = await serve()
    const envelope = await sealRandom(300_000)
    const web = new RawClient(join(dir, 'web.sock'))
    web.write(request(envelope))
    expect(await web.until(/"receipt"/)).toContain(digest(envelope))
    const onion = new RawClient(join(dir, 'onion.sock'))
    onion.write(Buffer.concat([Buffer.from(LINE), request(envelope)]))
    expect(await onion.until(/"receipt"/)).toContain(digest(envelope))

    // A submission that is half received still gets its receipt; new connections are refused.
    const late = new RawClient(join(dir, 'onion.sock'))
    const other = await sealRandom(700_000)
    late.write(Buffer.concat([Buffer.from(LINE), request(other).subarray(0, 650_000)]))
    await eventually(() => expect(existsSync(join(dir, 'var', 'tmp'))).toBe(true))
    const [folder = ''] = await readdir(join(dir, 'var', 'tmp'))
    while ((await readdir(join(dir, 'var', 'tmp', folder))).length < 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
    const ended = once(intake, 'exit')
    intake.kill('SIGTERM')
    await eventually(() => expect(web.isClosed).toBe(true))
    late.write(request(other).subarray(650_000))
    expect(await late.until(/"receipt"/)).toContain(digest(other))
    expect(await ended).toEqual([0, null])
    expect(log).toBe('')
    expect((await readdir(join(dir, 'var', 'incoming'))).toSorted()).toEqual(
      [`${digest(envelope)}.age`, `${digest(other)}.age`].toSorted(),
    )
  })

  it('starts again after kill -9, on the same sockets, and removes half-received bodies', async () => {
    const first = await serve()
    const client = new RawClient(join(dir, 'web.sock'))
    const envelope = await sealRandom(700_000)
    client.write(request(envelope).subarray(0, 650_000))
    await eventually(() => expect(existsSync(join(dir, 'var', 'tmp'))).toBe(true))
    const tmp = join(dir, 'var', 'tmp')
    while ((await readdir(tmp, { recursive: true })).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 5))
    first.kill('SIGKILL')
    await once(first, 'exit')
    const again = start()
    await once(again, 'message')
    expect(await readdir(tmp)).toEqual([])
    const retry = new RawClient(join(dir, 'web.sock'))
    retry.write(request(envelope))
    expect(await retry.until(/"receipt"/)).toContain(digest(envelope))
    again.kill('SIGTERM')
    await once(again, 'exit')
  })

  it.each([
    ['no keyring', async () => {}, /^intake: .*keyring\.json is missing/],
    [
      'a tampered keyring',
      async () => {
        await holdCeremony()
        const path = join(dir, 'keys', 'keyring.json')
        await writeFile(path, (await readFile(path, 'utf8')).replace('DEMO', 'REAL'))
      },
      /^intake: the signature of keyring\.json does not match/,
    ],
  ])('does not start with %s and says so in one line', async (_what, prepare, expected) => {
    await prepare()
    const [code] = await once(start(), 'exit')
    expect(code).toBe(2)
    expect(log).toMatch(expected)
    expect(log.trimEnd().split('\n')).toHaveLength(1)
  })

  it('does not start with wrong settings', async () => {
    const [code] = await once(start({ TUMEN_MAX_BYTES: 'plenty' }), 'exit')
    expect(code).toBe(2)
    expect(log).toContain('TUMEN_MAX_BYTES')
  })
})
