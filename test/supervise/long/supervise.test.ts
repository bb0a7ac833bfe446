import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { intakeEnv } from '../../../src/supervise/intake-env.ts'
import {
  cleanUp,
  fixture,
  isAlive,
  pidOf,
  redisPid,
  standIns,
  startSupervisor,
  temporaryFolder,
  until,
} from '../start.ts'
import type { Started } from '../start.ts'

afterEach(cleanUp)

const ready = 'ready; Ctrl-C'

describe('the supervisor', () => {
  it('is ready again with the same demo keyring and its warning', async () => {
    const first = await startSupervisor()
    await first.untilOutput(ready)
    first.child.kill('SIGINT')
    await first.exit
    const keyring = join(first.dataDir, '..', 'keys', 'keyring.json')
    const before = await readFile(keyring)
    const second = await startSupervisor({ dataDir: first.dataDir })
    await second.untilOutput(ready)
    expect(second.output()).toContain('DEMO KEYRING')
    expect(await readFile(keyring)).toEqual(before)
  })

  it('gives the intake alone a bounded heap and more threads, unless its environment says otherwise', async () => {
    const nodeEnvOf = async (run: Started, name: string) => {
      const pid = pidOf(run.events().find((event) => event.startsWith(`${name} started`)))
      return (await readFile(`/proc/${pid}/environ`, 'utf8'))
        .split('\0')
        .filter((entry) => /^(NODE_OPTIONS|UV_THREADPOOL_SIZE)=/.test(entry))
        .toSorted()
    }
    const run = await startSupervisor()
    await run.untilOutput(ready)
    expect(
      await Promise.all(['intake', 'worker', 'ops'].map((name) => nodeEnvOf(run, name))),
    ).toEqual([
      [
        `NODE_OPTIONS=${intakeEnv.NODE_OPTIONS}`,
        `UV_THREADPOOL_SIZE=${intakeEnv.UV_THREADPOOL_SIZE}`,
      ],
      [],
      [],
    ])
    const other = await startSupervisor({
      env: { NODE_OPTIONS: '--max-old-space-size=300', UV_THREADPOOL_SIZE: '8' },
    })
    await other.untilOutput(ready)
    expect(await nodeEnvOf(other, 'intake')).toEqual([
      `NODE_OPTIONS=${intakeEnv.NODE_OPTIONS} --max-old-space-size=300`,
      'UV_THREADPOOL_SIZE=8',
    ])
  })

  it('starts redis again, and reports that without a time', async () => {
    const run = await startSupervisor()
    await run.untilOutput(ready)
    const first = await redisPid(run.dataDir)
    process.kill(first ?? 0, 'SIGKILL')
    await until(
      async () => ![null, first].includes(await redisPid(run.dataDir)),
      () => 'another redis',
    )
    expect(run.output()).toContain('redis ended (SIGKILL)')
    expect(run.output()).not.toMatch(/\d\d:\d\d:\d\d/)
  })

  describe('when redis cannot read its own log', () => {
    it('starts it empty after three tries', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      run.child.kill('SIGTERM')
      await run.exit
      const folder = join(run.dataDir, 'redis', 'appendonlydir')
      for (const name of await readdir(folder)) await writeFile(join(folder, name), 'not a log\n')
      const again = await startSupervisor({ dataDir: run.dataDir })
      await again.untilOutput(ready)
      expect(again.output()).toContain('redis failed 3 times in a row; starting it empty')
    })
  })

  describe('when the folder of redis cannot be used at all', () => {
    it('runs everything else without redis', async () => {
      const dataDir = join(await temporaryFolder(), 'var')
      await mkdir(dataDir, { mode: 0o700 })
      await writeFile(join(dataDir, 'redis'), 'a file where the folder should be')
      const run = await startSupervisor({ dataDir })
      await run.untilOutput('redis could not be started: EEXIST')
      await run.untilEvents((events) => events.length === 3)
      await run.untilOutput(ready)
      expect(run.output()).not.toContain('    at ')
      run.child.kill('SIGTERM')
      expect(await run.exit).toEqual([0, null])
    })

    it('empties it, or says that it cannot, and continues', async () => {
      const dataDir = join(await temporaryFolder(), 'var')
      const log = join(dataDir, 'redis', 'appendonlydir')
      await mkdir(log, { recursive: true, mode: 0o700 })
      await writeFile(join(log, 'appendonly.aof.manifest'), 'not a log\n')
      // Not even root can remove a mount point.
      execFileSync('mount', ['-t', 'tmpfs', 'none', log])
      try {
        await writeFile(join(log, 'appendonly.aof.manifest'), 'not a log\n')
        const run = await startSupervisor({ dataDir })
        await run.untilOutput('redis failed 3 times in a row; starting it empty')
        await run.untilOutput(ready)
        expect(run.output()).not.toContain('    at ')
        expect(run.events()).toHaveLength(3)
      } finally {
        for (const folder of [log, log.replace('/redis/', '/redis.unusable/')])
          spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' })
      }
    })
  })

  describe('when it is killed itself', () => {
    it('leaves no process behind', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      const pids = [...run.events().map(pidOf), (await redisPid(run.dataDir)) ?? 0]
      expect(pids).toHaveLength(4)
      run.child.kill('SIGKILL')
      await until(
        () => !pids.some(isAlive),
        () => `${pids.filter(isAlive).join(', ')} to end`,
      )
      const again = await startSupervisor({ dataDir: run.dataDir })
      await again.untilOutput(ready)
    })
  })

  describe('when the keyring has lost a part', () => {
    it('makes no demo and says what is missing', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      run.child.kill('SIGTERM')
      await run.exit
      const keys = join(run.dataDir, '..', 'keys')
      await writeFile(join(keys, 'keyring.json.minisig'), 'untrusted comment: none\n')
      const again = await startSupervisor({ dataDir: run.dataDir })
      expect(await again.exit).toEqual([1, null])
      expect(again.output()).toContain('the signature of keyring.json does not match')
    })
  })

  describe('when a second signal comes', () => {
    it('ends at once with status 1', async () => {
      const [, worker = '', ops = ''] = standIns
      const run = await startSupervisor({ mains: [fixture('stubborn'), worker, ops] })
      await run.untilOutput(ready)
      run.child.kill('SIGTERM')
      await run.untilOutput('stubborn got SIGTERM')
      run.child.kill('SIGTERM')
      expect(await run.exit).toEqual([1, null])
      expect(await redisPid(run.dataDir)).toBeNull()
    })
  })

  describe('when the path of the data directory is long', () => {
    it('puts the socket of redis elsewhere', async () => {
      const parent = join(await temporaryFolder(), 'd'.repeat(120))
      await mkdir(parent)
      const run = await startSupervisor({ dataDir: join(parent, 'var') })
      await run.untilOutput(ready)
      expect(existsSync(join(run.dataDir, 'redis.sock'))).toBe(false)
      run.child.kill('SIGTERM')
      expect(await run.exit).toEqual([0, null])
    })
  })

  describe('when TUMEN_REDIS_URL is set', () => {
    it('starts no redis', async () => {
      const run = await startSupervisor({
        env: { TUMEN_REDIS_URL: 'unix:/nonexistent/redis.sock' },
      })
      await run.untilOutput(ready)
      expect(existsSync(join(run.dataDir, 'redis'))).toBe(false)
    })
  })
})
