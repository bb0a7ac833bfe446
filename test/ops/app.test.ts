import { request } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { createOpsApp } from '../../src/ops/app.ts'
import type { Figures } from '../../src/ops/figures.ts'
import type { Health } from '../../src/ops/health.ts'
import { allowedHost } from '../../src/ops/access/host-guard.ts'
import { createHistory } from '../../src/ops/dashboard/history.ts'
import { problem } from '../../src/ops/problems.ts'
import { quiet, well } from './quiet.ts'

const figures: Figures = {
  ...quiet,
  queue: { waiting: 10, active: 0, delayed: 0, failed: 0 },
  spool: { envelopes: 10, bytes: 1_000_000 },
  spoolOldestMinutes: 15,
  vault: { envelopes: 100, bytes: 10_000_000 },
}

let server: Server | null = null
afterEach(() => void server?.close())

async function startApp(
  health: () => Promise<Health>,
  shown: Figures | null = figures,
): Promise<number> {
  const app = createOpsApp({
    listen: { host: '127.0.0.1', port: 0 },
    token: null,
    stepMinutes: 15,
    checkHealth: health,
    figures: () => shown,
    history: createHistory({ clock: { now }, stepMinutes: 15 }),
    jobs: () => [],
    now,
  })
  server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

async function ask(
  port: number,
  path: string,
  options: { method?: string; host?: string } = {},
): Promise<Answer> {
  const { method = 'GET', host = `127.0.0.1:${port}` } = options
  const sent = request({
    port,
    path,
    method,
    host: '127.0.0.1',
    headers: { host },
    agent: false,
  }).end()
  const [response] = await once(sent, 'response')
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode, headers: response.headers, body }
}

const now = () => new Date('2026-11-23T12:07:08Z')
const isWell = async () => well

describe('createOpsApp', () => {
  describe('when all is well', () => {
    it('says so everywhere', async () => {
      const port = await startApp(isWell)
      expect(await ask(port, '/livez')).toMatchObject({ status: 200, body: 'ok\n' })
      expect(await ask(port, '/readyz')).toMatchObject({
        status: 200,
        body: '{"ready":true,"problems":[]}',
      })
      const page = await ask(port, '/')
      expect(page.headers['refresh']).toBe('30')
      expect(page.body).toContain('All well</h1><p>Tips are taken in and stored.')
    })

    it('gives Prometheus text with the published figures', async () => {
      const { headers, body } = await ask(await startApp(isWell), '/metrics')
      expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
      for (const line of [
        'tumen_ready 1',
        'tumen_redis_up 1',
        'tumen_processes{role="worker"} 2',
        'tumen_queue_jobs{state="waiting"} 10',
        'tumen_envelopes{place="vault"} 100',
        'tumen_process_starts_total{role="worker"} 2',
        'tumen_envelope_bytes{place="spool"} 1000000',
        'tumen_spool_oldest_seconds 900',
        'tumen_store_free_bytes 70000000000',
        'tumen_store_free_inodes 4000000',
        'tumen_keyring_left_seconds 7776000',
        'tumen_sealed_to_old_keyring 0',
      ])
        expect(body.split('\n')).toContain(line)
    })
  })

  describe('when something is not known', () => {
    it('leaves it out of the metrics', async () => {
      const unknown: Health = { ...well, processes: null, draining: null, keyringDaysLeft: null }
      const { body } = await ask(await startApp(async () => unknown, null), '/metrics')
      for (const name of [
        'tumen_processes',
        'tumen_keyring_left',
        'tumen_queue_jobs',
        'tumen_envelopes',
        'tumen_store_free',
      ]) {
        expect(body).not.toContain(name)
      }
    })

    it('says unknown on the dashboard', async () => {
      expect((await ask(await startApp(isWell, null), '/')).body).toContain(
        '<dd><i>not known</i></dd>',
      )
    })
  })

  describe('when there is a problem', () => {
    it('answers 503 with its code, and the dashboard says what to do', async () => {
      const poor: Health = { ...well, isReady: false, problems: [problem('WORKER_MISSING')] }
      const port = await startApp(async () => poor)
      const { status, body } = await ask(port, '/readyz')
      expect(status).toBe(503)
      expect(JSON.parse(body)).toMatchObject({
        ready: false,
        problems: [{ code: 'WORKER_MISSING', severity: 'error' }],
      })
      const page = (await ask(port, '/')).body
      expect(page).toContain('Look now</h1><p>No worker is running. Tips wait safely in the spool')
      expect(page).toContain('<b>Do this:</b>')
      expect((await ask(port, '/metrics')).body).toContain(
        'tumen_problem{code="WORKER_MISSING",severity="error"} 1',
      )
      expect((await ask(port, '/livez')).status).toBe(200)
    })

    it('reloads the dashboard at the usual interval, unless it is asked not to', async () => {
      const poor: Health = { ...well, isReady: false, problems: [problem('WORKER_MISSING')] }
      const port = await startApp(async () => poor)
      expect((await ask(port, '/')).headers['refresh']).toBe('30')
      expect((await ask(port, '/?still')).headers['refresh']).toBeUndefined()
    })

    it('answers 200 when it is only a warning', async () => {
      const warned: Health = { ...well, problems: [problem('QUARANTINE_NOT_EMPTY')] }
      expect(await ask(await startApp(async () => warned), '/readyz')).toMatchObject({
        status: 200,
      })
    })
  })

  describe('when a check throws', () => {
    it('answers 500 and reveals nothing', async () => {
      const port = await startApp(async () => {
        throw new Error('secret detail')
      })
      expect(await ask(port, '/readyz')).toMatchObject({ status: 500, body: 'failed\n' })
    })
  })

  describe('when asked in another way', () => {
    it('refuses other methods', async () => {
      const port = await startApp(isWell)
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        expect(await ask(port, '/', { method })).toMatchObject({
          status: 405,
          headers: { allow: 'GET, HEAD' },
        })
      }
      expect(await ask(port, '/readyz', { method: 'HEAD' })).toMatchObject({
        status: 200,
        body: '',
      })
    })

    it('refuses names that are not its own', async () => {
      const port = await startApp(isWell)
      for (const host of [
        'evil.example',
        'localhost.evil.example',
        '127.0.0.1.evil.example:80',
        '10.0.0.1',
      ]) {
        expect((await ask(port, '/metrics', { host })).status).toBe(421)
      }
      expect((await ask(port, '/metrics', { host: 'LOCALHOST:9' })).status).toBe(200)
    })

    it('sends a policy that allows nothing but its own style', async () => {
      const { headers } = await ask(await startApp(isWell), '/')
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none';style-src 'sha256-[\w+/=]+';base-uri 'none';form-action 'none';frame-ancestors 'none'$/,
      )
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-powered-by']).toBeUndefined()
    })
  })
})

describe('allowedHost', () => {
  it('accepts any literal IP on a wildcard address, and no other name', () => {
    const isAllowed = allowedHost({ host: '0.0.0.0', port: 1 })
    expect(['10.0.0.1:1', '[fd00::1]:1', 'localhost'].every(isAllowed)).toBe(true)
    expect(['ops.example', undefined, '1.2.3', '[::1'].some(isAllowed)).toBe(false)
  })

  it('accepts the configured name, and localhost on a unix socket', () => {
    expect(allowedHost({ host: 'ops.internal', port: 1 })('OPS.internal:1')).toBe(true)
    expect(allowedHost({ path: '/run/ops.sock' })('localhost')).toBe(true)
    expect(allowedHost({ path: '/run/ops.sock' })('evil.example')).toBe(false)
  })
})
