import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fitToOpenFiles, readMaxOpenFiles } from '../../src/server/open-files.ts'
import { makeMachine } from '../support/machine.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const limits = { maxConnections: 2048, maxUploads: 64 }

describe('fitToOpenFiles', () => {
  it.each([
    ['unlimited', Infinity, 2048, 4096],
    ['just enough', 2048 + 4096 + 128 + 2 * 64, 2048, 4096],
    ['one too few', 2048 + 4096 + 128 + 2 * 64 - 1, 2048, 4095],
    ['the usual 1024', 1024, 512, 256],
    ['next to none', 100, 16, 0],
  ])('with %s (%d files) serves %d connections and lets %d wait', (_, files, served, waiting) => {
    const fitted = fitToOpenFiles(limits, files)
    expect([fitted.maxConnections, fitted.maxWaiting]).toEqual([served, waiting])
  })

  it('leaves the files of all uploads free', () => {
    const { maxConnections, maxWaiting } = fitToOpenFiles(limits, 1024)
    expect(maxConnections + maxWaiting + 2 * limits.maxUploads).toBeLessThanOrEqual(1024 - 128)
  })
})

describe('readMaxOpenFiles', () => {
  it('reads the limit of this process', async () => {
    const path = join(await makeTempDir(), 'limits')
    writeFileSync(
      path,
      'Max open files            1024                 4096                 files\n',
    )
    expect(readMaxOpenFiles(path)).toBe(1024)
    writeFileSync(
      path,
      'Max open files            unlimited            unlimited            files\n',
    )
    expect(readMaxOpenFiles(path)).toBe(Infinity)
    expect(readMaxOpenFiles(join(path, 'none'))).toBe(Infinity)
    expect(readMaxOpenFiles()).toBeGreaterThan(0)
  })
})

describe('an intake that may open few files', () => {
  it('says how many connections it serves, and the way out', async () => {
    const { dir, env } = await makeMachine()
    const main = join(import.meta.dirname, '../../src/server/main.ts')
    const intake = spawn('prlimit', ['--nofile=1024:1024', process.execPath, main], {
      env: {
        PATH: process.env['PATH'],
        ...env,
        TUMEN_LISTEN: `unix:${join(dir, 'intake.sock')}`,
        TUMEN_REDIS_URL: `unix:${join(dir, 'no-redis.sock')}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    try {
      const [line] = (await once(intake.stderr, 'data')) as [Buffer]
      expect(String(line)).toBe(
        'intake: TUMEN_MAX_CONNECTIONS is 2048, but this process may only open 1024 files: 512 connections are served at a time. Raise the limit (LimitNOFILE, ulimit -n)\n',
      )
    } finally {
      intake.kill('SIGKILL')
      await once(intake, 'close')
    }
  })
})
