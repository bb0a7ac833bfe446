import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSite, type Site } from '../../faults/site.ts'
import { runHere } from '../support/run-here.ts'

let site: Site
let env: Record<string, string> = {}

beforeEach(async () => {
  site = await openSite()
  env = { TUMEN_DATA_DIR: site.dataDir, TUMEN_REDIS_URL: site.redis.url, TUMEN_RESERVE_BYTES: '0' }
  for (const folder of ['incoming', 'sealed'])
    await mkdir(join(site.dataDir, folder), { recursive: true, mode: 0o700 })
})
afterEach(() => site.dispose())

const drain = (...args: string[]) =>
  runHere({ dir: site.dataDir, env }, ['drain', ...args], { wait: sleep })

describe('tumen drain', () => {
  it('may be repeated, and undone twice', async () => {
    for (const args of [[], [], ['--off'], ['--off']]) expect((await drain(...args)).status).toBe(0)
  })

  it('looks only at the spool when Redis is away, and says so', async () => {
    await site.redis.kill()
    const done = await drain('--wait')
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('drained'),
      stderr: expect.stringContaining('redis does not answer'),
    })
  })

  it('refuses --off with --wait', async () =>
    expect((await drain('--off', '--wait')).status).toBe(2))
})
