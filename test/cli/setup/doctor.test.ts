import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { addDays, dayOfInstant } from '../../../src/time/day.ts'
import { createDemoCeremony } from '../../../src/keyring/demo.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { openLedger } from '../../../src/ledger/writer.ts'
import { primitives } from '../../support/ceremony.ts'
import {
  cleanUp,
  freePort,
  startSupervisor,
  temporaryFolder,
  until,
} from '../../supervise/start.ts'
import { runHere } from '../support/run-here.ts'

afterEach(cleanUp)

interface Shown {
  check: string
  level: string
  says: string
}

async function examine(
  env: Record<string, string>,
  clock = systemClock,
): Promise<{ status: number | null; findings: Shown[] }> {
  const { status, stdout } = await runHere({ dir: '/', env }, ['doctor', '--json'], { clock })
  return { status, findings: JSON.parse(stdout) as Shown[] }
}

const badOnes = ({ findings }: { findings: Shown[] }) =>
  findings.filter(({ level }) => level === 'bad').map(({ check, says }) => `${check}: ${says}`)

describe('tumen doctor', () => {
  it('finds nothing bad on a running system, and each fault that is made', {
    timeout: 120_000,
  }, async () => {
    const dataDir = join(await temporaryFolder(), 'var')
    const env = {
      TUMEN_DATA_DIR: dataDir,
      TUMEN_KEYS_DIR: join(dataDir, '..', 'keys'),
      TUMEN_RESERVE_BYTES: '0',
      TUMEN_LISTEN: `127.0.0.1:${await freePort()}`,
      TUMEN_OPS_LISTEN: `127.0.0.1:${await freePort()}`,
    }
    const run = await startSupervisor({ dataDir, mains: [], env })
    await until(() => run.output().includes('ready; Ctrl-C'), run.output)
    // Findings about the machine itself depend on where the test runs, so they are ignored.
    const ours = (result: Awaited<ReturnType<typeof examine>>) =>
      badOnes(result).filter((text) => !/^(swap|core dumps|disk|clock)/.test(text))
    expect(ours(await examine(env))).toEqual([])

    await chmod(join(dataDir, 'sealed'), 0o755)
    expect(ours(await examine(env))).toEqual([
      `rights: 1 file or folder in ${dataDir} open to other users`,
    ])
    await chmod(join(dataDir, 'sealed'), 0o700)

    const redis = new Redis({ path: join(dataDir, 'redis.sock') })
    await redis.config('SET', 'maxmemory-policy', 'volatile-lru')
    expect(ours(await examine(env))).toEqual([
      'redis: its policy is volatile-lru: when memory is short it throws jobs away',
    ])
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    redis.disconnect()

    expect(
      ours(await examine(env, { now: () => new Date('2030-01-01T00:00:00Z') })).join(),
    ).toMatch(/^keyring: the keyring expired/)
    const open = {
      TUMEN_OPS_TOKEN_FILE: join(dataDir, '..', 'ops.token'),
      TUMEN_OPS_LISTEN: `0.0.0.0:${env.TUMEN_OPS_LISTEN.split(':')[1]}`,
    }
    await writeFile(open.TUMEN_OPS_TOKEN_FILE, 'ab'.repeat(32), { mode: 0o644 })
    expect(ours(await examine({ ...env, ...open })).join()).toContain(
      'listeners: TUMEN_OPS_TOKEN_FILE may be read or changed by others',
    )
    expect(ours(await examine({ ...env, ...open })).join()).toContain(
      'listeners: TUMEN_OPS_LISTEN can be reached from the public network',
    )

    run.child.kill('SIGTERM')
    await run.exit
    const stopped = await examine(env)
    expect(stopped.status).toBe(1)
    expect(ours(stopped)).toEqual([
      expect.stringContaining('redis: it does not answer'),
      'processes: ops does not answer on TUMEN_OPS_LISTEN',
    ])
    await until(
      async () => (await readdir(join(dataDir, 'tmp'))).every((name) => !name.startsWith('doctor')),
      () => 'nothing left',
    )
  })

  it('says that the clock is behind the ledger, and that the end of the ledger is missing', async () => {
    const dir = await temporaryFolder()
    const env = {
      TUMEN_DATA_DIR: join(dir, 'var'),
      TUMEN_KEYS_DIR: join(dir, 'keys'),
      TUMEN_OPS_LISTEN: `127.0.0.1:${await freePort()}`,
    }
    await createDemoCeremony({
      keysDir: env.TUMEN_KEYS_DIR,
      dataDir: env.TUMEN_DATA_DIR,
      day: dayOfInstant(new Date()),
      primitives,
    })
    const tomorrow = addDays(dayOfInstant(new Date()), 1)
    const ledger = await openLedger({
      path: join(env.TUMEN_DATA_DIR, 'ledger.jsonl'),
      clock: { now: () => new Date(`${tomorrow}T01:00:00Z`) },
    })
    await ledger.append('stored', 'a'.repeat(64), 1)
    await ledger.close()
    expect(badOnes(await examine(env)).join()).toContain(
      `ledger's last line is of ${tomorrow}: the clock went backwards`,
    )
    const ledgerFindings = async () =>
      (await examine(env)).findings.filter(({ check }) => check === 'ledger')
    expect(await ledgerFindings()).toMatchObject([{ level: 'ok' }])
    await writeFile(join(env.TUMEN_DATA_DIR, 'ledger.jsonl'), '')
    expect(await ledgerFindings()).toMatchObject([
      { level: 'bad', says: expect.stringContaining('missing at its end') as string },
    ])
  })

  it('judges nothing in a folder of a newer version, and signs and hands over nothing there', async () => {
    const dir = await temporaryFolder()
    const dataDir = join(dir, 'var')
    const env = { TUMEN_DATA_DIR: dataDir, TUMEN_KEYS_DIR: join(dir, 'keys') }
    const day = dayOfInstant(new Date())
    await createDemoCeremony({ keysDir: env.TUMEN_KEYS_DIR, dataDir, day, primitives })
    await writeFile(
      join(dataDir, 'format.json'),
      '{"format":"tumen-data","version":9,"oldestReader":9}\n',
    )
    await writeFile(join(dataDir, 'ledger.jsonl'), 'a newer kind of line\n')
    const bad = badOnes(await examine(env))
    expect(bad).toContain(
      'data folder: another version of Tumen wrote it, or its format.json is damaged',
    )
    expect(bad.filter((text) => text.startsWith('ledger'))).toEqual([])
    for (const args of [
      ['ledger', 'head'],
      ['acknowledge', 'stick'],
    ])
      expect(await runHere({ dir, env }, args)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('written by a newer Tumen'),
      })
  })

  it('names every wrong setting and ends with 1, and creates no missing folder', async () => {
    const dir = await temporaryFolder()
    const { status, findings } = await examine({ TUMEN_SWEEP_SECONDS: 'often', TUMEN_LISTENN: 'x' })
    expect([status, findings.map(({ check, level }) => `${check} ${level}`)]).toEqual([
      1,
      ['settings bad', 'settings bad'],
    ])
    await mkdir(join(dir, 'empty'))
    const text = await runHere(
      { dir, env: { TUMEN_DATA_DIR: join(dir, 'var'), TUMEN_KEYS_DIR: join(dir, 'keys') } },
      ['doctor'],
    )
    expect(text.stdout).toMatch(/^bad {3}rights .*does not exist\n +to do: start Tumen once/m)
    expect(await readdir(dir)).toEqual(['empty'])
    await rm(dir, { recursive: true })
  })
})
