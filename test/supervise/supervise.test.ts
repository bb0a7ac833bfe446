import { existsSync, statSync } from 'node:fs'
import { rename, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  cleanUp,
  fixture,
  pidOf,
  redisPid,
  standIns,
  startSupervisor,
  temporaryFolder,
} from './start.ts'

afterEach(cleanUp)

const ready = 'ready; Ctrl-C'

describe('the supervisor', () => {
  describe('when all is well', () => {
    it('starts everything, shows the demo warning, and stops in order with status 0', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      expect(run.output()).toContain('DEMO KEYRING')
      expect(run.output()).toMatch(/the page {9}http:\/\/127\.0\.0\.1:\d+\//)
      const redis = await redisPid(run.dataDir)
      expect(redis).not.toBeNull()
      run.child.kill('SIGTERM')
      expect(await run.exit).toEqual([0, null])
      expect(
        run
          .events()
          .slice(-3)
          .map((event) => event.replace(/ \d+$/, '')),
      ).toEqual(['intake stopped', 'worker stopped', 'ops stopped'])
      expect(await redisPid(run.dataDir)).toBeNull()
      expect(statSync(run.dataDir).mode & 0o777).toBe(0o700)
      expect(existsSync(join(run.dataDir, 'redis', 'appendonlydir'))).toBe(true)
    })
  })

  describe('when a process is killed', () => {
    it('starts it again, whichever it was', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      for (const event of run.events()) process.kill(pidOf(event), 'SIGKILL')
      await run.untilEvents((events) => events.length === 6)
      for (const name of ['intake', 'worker', 'ops']) {
        expect(run.events().filter((event) => event.startsWith(`${name} started`))).toHaveLength(2)
        expect(run.output()).toContain(
          `tumen: ${name} ended (SIGKILL); starting it again in 200 ms`,
        )
      }
    })
  })

  describe('when the data directory is in use', () => {
    it('refuses, also by another name of the directory', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      const link = join(await temporaryFolder(), 'var')
      await symlink(run.dataDir, link)
      for (const dataDir of [run.dataDir, link]) {
        const second = await startSupervisor({ dataDir })
        expect(await second.exit).toEqual([1, null])
        expect(second.output()).toContain(
          'is in use by another start: stop that one, or set another directory',
        )
      }
      expect(run.events()).toHaveLength(3)
      // A demo keyring of the second start would be kept by a restore that holds the folder.
      expect(existsSync(join(link, '..', 'keys'))).toBe(false)
    })
  })

  describe('when the data directory is moved away', () => {
    it('starts no process that ended until the directory is back', async () => {
      const run = await startSupervisor()
      await run.untilOutput(ready)
      const [intake = ''] = run.events()
      const away = `${run.dataDir}.away`
      await rename(run.dataDir, away)
      process.kill(pidOf(intake), 'SIGKILL')
      await run.untilOutput(
        'could not be started: TUMEN_DATA_DIR is no longer the folder that this start has locked: put that folder back',
      )
      expect(existsSync(run.dataDir)).toBe(false)
      await rename(away, run.dataDir)
      await run.untilEvents((events) => events.length === 4)
    })
  })

  describe('when a port is taken', () => {
    it('names the setting to change and starts nothing', async () => {
      const server = createServer()
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : 0
      const run = await startSupervisor({ env: { TUMEN_OPS_LISTEN: `127.0.0.1:${port}` } })
      expect(await run.exit).toEqual([1, null])
      expect(run.output()).toBe(
        `tumen: TUMEN_OPS_LISTEN=127.0.0.1:${port} is taken by another program: ` +
          'stop what uses it, or set TUMEN_OPS_LISTEN to another address\n',
      )
      expect(run.events()).toEqual([])
      server.close()
    })
  })

  describe('when settings are wrong', () => {
    it('prints all of them and ends with status 2, before anything is made', async () => {
      const run = await startSupervisor({ env: { TUMEN_MAX_BYTES: 'big', TUMEN_DATADIR: '/x' } })
      expect(await run.exit).toEqual([2, null])
      expect(run.output()).toContain('TUMEN_MAX_BYTES must be a number of bytes')
      expect(run.output()).toContain('did you mean TUMEN_DATA_DIR?')
      expect(existsSync(run.dataDir)).toBe(false)
    })
  })

  describe('when a process refuses its configuration', () => {
    it('stops all, gives its reason and ends with status 1', async () => {
      const [intake = '', worker = '', ops = ''] = standIns
      const run = await startSupervisor({ mains: [intake, fixture('refusing'), ops] })
      expect(worker).not.toBe('')
      expect(await run.exit).toEqual([1, null])
      expect(run.output()).toContain(
        'tumen: worker refused to start: the keyring expired: issue it anew\n',
      )
      expect(run.output()).not.toContain(ready)
      expect(await redisPid(run.dataDir)).toBeNull()
    })
  })
})
