import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { auditVault } from '../../faults/audit.ts'
import { Unit } from '../../faults/site.ts'
import { compileCache } from '../../support/compile-cache.ts'
import { makeMachine } from '../../support/machine.ts'
import { until } from '../../supervise/start.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { diskErrors } from '../support/inject.ts'

const preload = join(import.meta.dirname, '../support/fail-call.ts')

/** An upper limit: the worker makes fewer calls to start and to store one tip. */
const maxCalls = 150

interface Outcome {
  call: string
  problems: string[]
}

async function findFaults(dataDir: string, receipt: string): Promise<string[]> {
  const audit = await auditVault(dataDir, new Set([receipt])).catch(() => null)
  if (audit === null) return ['the folders are not there yet']
  const faults = ['lost', 'twice', 'damaged', 'unlisted', 'incoming'] as const
  return faults.filter((fault) => audit[fault] > 0).map((fault) => `${fault}: ${audit[fault]}`)
}

/**
 * Whether everything has been in order for longer than a round of the worker takes: a ledger line
 * whose write fails can be seen for a moment.
 */
function createSoundness(dataDir: string, receipt: string): () => Promise<boolean> {
  let soundSinceMs = Infinity
  return async () => {
    const isSound = (await findFaults(dataDir, receipt)).length === 0
    soundSinceMs = isSound ? Math.min(soundSinceMs, performance.now()) : Infinity
    return performance.now() - soundSinceMs > 1500
  }
}

/**
 * Starts the worker with one tip in the spool, and lets its `number`th call fail. A worker that
 * ends because of that is started again without a fault, as systemd would.
 * @returns null if the worker makes fewer calls
 */
async function failOnce(original: string, number: number): Promise<Outcome | null> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-failing-worker-'))
  const [site, log] = [join(dir, 'site'), join(dir, 'calls')]
  await cp(original, site, { recursive: true, preserveTimestamps: true })
  const { bytes, receipt } = makeEnvelope()
  const dataDir = join(site, 'var')
  await mkdir(join(dataDir, 'incoming'), { mode: 0o700 })
  await writeFile(join(dataDir, 'incoming', `${receipt}.age`), bytes, { mode: 0o600 })
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: compileCache,
    TUMEN_DATA_DIR: dataDir,
    TUMEN_KEYS_DIR: join(site, 'keys'),
    TUMEN_REDIS_URL: `unix:${join(dir, 'no-redis.sock')}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
  }
  const error = diskErrors[number % diskErrors.length] ?? 'EIO'
  const failing = new Unit('workers/main.ts', {
    ...env,
    NODE_OPTIONS: `--import=${preload}`,
    FAIL_CALL: `${number}:${error}`,
    FAIL_UNDER: site,
    FAIL_LOG: log,
  })
  const sound = new Unit('workers/main.ts', env)
  const problems: string[] = []
  const isSound = createSoundness(dataDir, receipt)
  try {
    failing.start()
    let unit = failing
    if (
      !(await failing.untilReady().then(
        () => true,
        () => false,
      ))
    ) {
      if (!/\S/.test(failing.log)) problems.push('it ended and said nothing')
      unit = sound
      sound.start()
      await sound.untilReady()
    }
    await until(isSound, () => `the tip to be stored: ${failing.log}`)
    await unit.stop()
    const calls = readFileSync(log, 'utf8').trimEnd().split('\n')
    if (calls.length < number) return null
    if (/\n {4}at /.test(failing.log)) problems.push(failing.log)
    problems.push(...(await findFaults(dataDir, receipt)))
    return { call: `${number}: ${error} in ${calls.at(-1)}`, problems }
  } finally {
    await failing.kill()
    await sound.kill()
    await rm(dir, { recursive: true, force: true })
  }
}

describe('a worker whose disk fails once', () => {
  it('stores the tip nevertheless, whichever call failed', { timeout: 900_000 }, async () => {
    const { dir } = await makeMachine()
    const found: string[] = []
    let count = 0
    for (let number = 1; number <= maxCalls; number += 1) {
      const outcome = await failOnce(dir, number)
      if (outcome === null) break
      count += 1
      found.push(...outcome.problems.map((problem) => `${outcome.call}: ${problem}`))
    }
    console.log(`worker: ${count} calls were made to fail`)
    expect(found).toEqual([])
    expect(count).toBeGreaterThan(10)
    expect(count).toBeLessThan(maxCalls)
  })
})
