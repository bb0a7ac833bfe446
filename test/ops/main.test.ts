import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { beat } from '../../src/queue/heartbeat.ts'
import { compileCache } from '../support/compile-cache.ts'
import { createTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { freePort, until } from '../supervise/start.ts'

let redis: TestRedis
let folder = ''
const children: ChildProcess[] = []

beforeEach(async () => {
  redis = await createTestRedis()
  folder = await mkdtemp(join(tmpdir(), 'tumen-ops-'))
  const day = dayOfInstant(new Date())
  await createDemoCeremony({
    keysDir: join(folder, 'keys'),
    dataDir: join(folder, 'var'),
    day,
    primitives: await loadSodiumPrimitives(),
  })
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await redis.dispose()
  await rm(folder, { recursive: true })
})

async function startOps(env: Record<string, string> = {}) {
  const port = await freePort()
  const child = fork(fileURLToPath(new URL('../../src/ops/main.ts', import.meta.url)), {
    env: {
      NODE_COMPILE_CACHE: compileCache,
      TUMEN_DATA_DIR: join(folder, 'var'),
      TUMEN_KEYS_DIR: join(folder, 'keys'),
      TUMEN_REDIS_URL: redis.url,
      TUMEN_OPS_LISTEN: `127.0.0.1:${port}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return { child, port, output: () => output, exit: once(child, 'exit') }
}

async function readyz(port: number): Promise<{ status: number; codes: string[] }> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  const { problems } = (await response.json()) as { problems: Array<{ code: string }> }
  return { status: response.status, codes: problems.map(({ code }) => code) }
}

describe('the ops process', () => {
  it('reports when it is ready, reports the state of Redis, and logs nothing', async () => {
    const ops = await startOps()
    expect(await once(ops.child, 'message')).toEqual([{ ready: true }, undefined])
    const client = redis.client()
    await beat(client, 'intake', 'a', { draining: false })
    await beat(client, 'worker', 'a', { draining: false })
    expect(await readyz(ops.port)).toEqual({ status: 200, codes: [] })
    await redis.kill()
    await until(
      async () => (await readyz(ops.port)).status === 503,
      () => 'a 503',
    )
    expect((await readyz(ops.port)).codes).toEqual(['REDIS_UNREACHABLE'])
    expect(await (await fetch(`http://127.0.0.1:${ops.port}/metrics`)).text()).toContain(
      'tumen_redis_up 0',
    )
    await redis.start()
    await until(
      async () => !(await readyz(ops.port)).codes.includes('REDIS_UNREACHABLE'),
      () => 'redis to be seen',
    )
    ops.child.kill('SIGTERM')
    expect(await ops.exit).toEqual([0, null])
    expect(ops.output()).toBe('')
  })

  it('names no receipt anywhere and leaves no folder behind', async () => {
    const receipt = 'ab'.repeat(32)
    const ops = await startOps()
    await once(ops.child, 'message')
    for (const place of ['incoming', 'sealed', 'quarantine'])
      await writeFile(join(folder, 'var', place, `${receipt}.age`), 'x')
    ops.child.kill('SIGTERM')
    await ops.exit
    const again = await startOps()
    await once(again.child, 'message')
    for (const path of ['/', '/metrics', '/readyz']) {
      const text = await (await fetch(`http://127.0.0.1:${again.port}${path}`)).text()
      expect(text).not.toContain('abab')
    }
    expect((await readyz(again.port)).codes).toContain('QUARANTINE_NOT_EMPTY')
    expect(await readdir(join(folder, 'var', 'tmp'))).toEqual([])
  })

  it('is up without Redis', async () => {
    await redis.kill()
    const ops = await startOps()
    await once(ops.child, 'message')
    expect((await fetch(`http://127.0.0.1:${ops.port}/livez`)).status).toBe(200)
    expect((await readyz(ops.port)).codes).toEqual(['REDIS_UNREACHABLE'])
  })

  it('refuses a taken port with status 2, naming the setting', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const ops = await startOps({
      TUMEN_OPS_LISTEN: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    })
    expect(await ops.exit).toEqual([2, null])
    expect(ops.output()).toBe(
      'ops: TUMEN_OPS_LISTEN cannot be listened on (EADDRINUSE): choose another address\n',
    )
    server.close()
  })

  it('replaces a socket nobody answers on, and ends with its parent', async () => {
    const path = join(folder, 'ops.sock')
    const first = await startOps({ TUMEN_OPS_LISTEN: `unix:${path}` })
    await once(first.child, 'message')
    first.child.kill('SIGKILL')
    await first.exit
    const second = await startOps({ TUMEN_OPS_LISTEN: `unix:${path}` })
    await once(second.child, 'message')
    second.child.disconnect()
    expect(await second.exit).toEqual([0, null])
  })
})
