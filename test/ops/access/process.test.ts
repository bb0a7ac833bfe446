import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilReadyByOps } from '../../../src/supervise/readiness.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { freePort } from '../../supervise/start.ts'
import type { RealOps } from '../start-ops.ts'
import { startRealOps } from '../start-ops.ts'

const token = Buffer.alloc(32, 3).toString('base64')

let folder = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-token-'))
  file = join(folder, 'token')
})
afterAll(() => rm(folder, { recursive: true }))

describe('the ops process on an address of the network', () => {
  let ops: RealOps
  let port = 0
  let env: Record<string, string>
  beforeAll(async () => {
    port = await freePort()
    await writeFile(file, `${token}\n`, { mode: 0o600 })
    env = { TUMEN_OPS_LISTEN: `0.0.0.0:${port}`, TUMEN_OPS_TOKEN_FILE: file }
    ops = await startRealOps(env)
  })
  afterAll(() => ops?.dispose())

  it('shows nothing without the token', async () => {
    for (const path of [
      '/',
      '/livez',
      '/readyz',
      '/metrics',
      '/runbook',
      '/queues/',
      '/queues/api/queues',
      '/queues/static/favicon-32x32.png',
      '/nowhere',
    ]) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      expect([path, response.status, await response.text()]).toEqual([
        path,
        401,
        'the token is needed\n',
      ])
    }
    expect(
      (await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(200)
  })

  it('answers `tumen status` and the supervisor, which send it', async () => {
    const done = await runHere({ dir: '/', env }, ['status'])
    expect(done).toMatchObject({ status: 1, stdout: expect.stringContaining('INTAKE_MISSING') })
    const asked = { opsListen: { host: '127.0.0.1', port }, opsTokenFile: file }
    expect(await untilReadyByOps(asked, AbortSignal.timeout(300))).toContain('INTAKE_MISSING')
  })

  it('says to `tumen status` without it what to set', async () => {
    const done = await runHere({ dir: '/', env: { TUMEN_OPS_LISTEN: `127.0.0.1:${port}` } }, [
      'status',
    ])
    expect(done).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        'set TUMEN_OPS_TOKEN_FILE to the file that ops was started with',
      ),
    })
  })
})

describe('the ops process with a bad token file', () => {
  it.each([
    ['short', 0o600],
    [token, 0o644],
  ] as const)('does not start', async (text, mode) => {
    const bad = join(folder, `bad-${mode}`)
    await writeFile(bad, text, { mode })
    const ops = await startRealOps({ TUMEN_OPS_TOKEN_FILE: bad })
    try {
      expect(ops.child.exitCode).toBe(2)
    } finally {
      await ops.dispose()
    }
  })
})
