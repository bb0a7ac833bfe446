import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openSite, type Site } from '../../faults/site.ts'
import { announce, createUpload, patch } from '../../server/uploads/harness.ts'
import { freePort } from '../../supervise/start.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { runHere } from '../support/run-here.ts'
import { eventually } from '../../support/eventually.ts'

let site: Site
let url = ''
let env: Record<string, string> = {}

beforeEach(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  site = await openSite({ env: { TUMEN_LISTEN: `127.0.0.1:${port}` } })
  env = { TUMEN_DATA_DIR: site.dataDir, TUMEN_REDIS_URL: site.redis.url, TUMEN_RESERVE_BYTES: '0' }
  for (const folder of ['incoming', 'sealed'])
    await mkdir(join(site.dataDir, folder), { recursive: true, mode: 0o700 })
})
afterEach(() => site.dispose())

const drain = (...args: string[]) =>
  runHere({ dir: site.dataDir, env }, ['drain', ...args], { wait: sleep })
const inFolder = (name: string) => readdir(join(site.dataDir, name))

function send(bytes: Uint8Array): Promise<Response> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/octet-stream' }
  return fetch(`${url}/submissions`, { method: 'POST', headers, body: new Uint8Array(bytes) })
}

async function startIntake(): Promise<void> {
  site.intake.start()
  await site.intake.untilReady()
}

describe('tumen drain', () => {
  it('closes the intake through restarts, lets what has begun finish, and opens it again', async () => {
    await startIntake()
    const { bytes, receipt } = makeEnvelope(3000)
    const upload = await createUpload({ url }, bytes.length)
    await patch({ url }, upload, 0, bytes.subarray(0, 1000))

    const done = await drain()
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no new tips are taken in'),
    })
    expect(done.stderr).toContain('1 resumable uploads are not whole')
    const refused = await send(makeEnvelope().bytes)
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      await refused.json(),
    ]).toMatchObject([503, '60', { code: 'DRAINING' }])
    await site.intake.kill()
    await startIntake()
    expect((await announce({ url }, 5000)).status).toBe(503)
    expect(
      (await patch({ url }, upload, 1000, bytes.subarray(1000))).headers.get('tumen-receipt'),
    ).toBe(receipt)
    const { mtime, mode } = await stat(join(site.dataDir, 'draining'))
    expect([mtime.toISOString().slice(10), mode & 0o777]).toEqual(['T00:00:00.000Z', 0o600])

    expect(await drain('--off')).toMatchObject({
      status: 0,
      stdout: 'tips are taken in again\n',
      stderr: '',
    })
    expect((await send(makeEnvelope().bytes)).status).toBe(201)
    expect(await inFolder('incoming')).toHaveLength(2)
  })

  it('waits for a tip that is being received', async () => {
    await startIntake()
    const body = new TransformStream<Uint8Array, Uint8Array>()
    const writer = body.writable.getWriter()
    const many = makeEnvelope(2_000_000).bytes
    const answer = fetch(`${url}/submissions`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream' },
      body: body.readable,
      duplex: 'half',
    } as RequestInit)
    await writer.write(many.subarray(0, 1_500_000))
    await eventually(async () =>
      expect(
        (await readdir(join(site.dataDir, 'tmp'), { recursive: true })).filter((name) =>
          /intake.*-.*-/.test(name),
        ),
      ).not.toEqual([]),
    )
    expect(JSON.parse((await drain('--json')).stdout)).toMatchObject({
      draining: true,
      plain: 1,
      spool: 0,
    })
    await writer.write(many.subarray(1_500_000))
    await writer.close()
    expect((await answer).status).toBe(201)
    expect(JSON.parse((await drain('--json')).stdout)).toMatchObject({ plain: 0, spool: 1 })
  })

  it('waits with --wait until the worker has stored everything', async () => {
    await startIntake()
    for (let n = 0; n < 5; n += 1) expect((await send(makeEnvelope().bytes)).status).toBe(201)
    let isDone = false
    const waiting = drain('--wait', '--json').finally(() => void (isDone = true))
    onTestFinished(async () => void (await waiting))
    await eventually(async () => expect(await inFolder('.')).toContain('draining'), {
      interval: 50,
    })
    expect([isDone, (await inFolder('incoming')).length]).toEqual([false, 5])
    site.worker.start()
    const { status, stdout, stderr } = await waiting
    expect({ status, left: JSON.parse(stdout) as unknown, stderr }).toEqual({
      status: 0,
      left: { draining: true, plain: 0, resumable: 0, spool: 0, queue: 0 },
      stderr: '',
    })
    expect([await inFolder('incoming'), (await inFolder('sealed')).length]).toEqual([[], 5])
  })
})
